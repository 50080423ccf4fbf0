#pragma once

#include <memory>
#include <string>

namespace balse {

class UnfinishedFile;

/// An advisory lock (flock) that a process holds on a file until it ends, however it ends. The file
/// is made where there is none. Throws Error: try_later where another process holds it,
/// cannot_create where the file cannot be made.
class FileLock {
 public:
  enum class Afterwards {
    keep,   ///< the file stays
    remove  ///< the file is removed when the lock is given back
  };

  FileLock(std::string path, Afterwards afterwards);
  ~FileLock();
  FileLock(const FileLock&) = delete;
  FileLock& operator=(const FileLock&) = delete;

  /// Ends it now. The error number for which the file could not be removed, or 0: the destructor
  /// does the same, but cannot say so.
  int give_back();

 private:
  bool open_file();
  bool try_once();

  std::string path_;
  Afterwards afterwards_;
  std::unique_ptr<UnfinishedFile> unfinished_;
  int descriptor_ = -1;
};

}  // namespace balse
