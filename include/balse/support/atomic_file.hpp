#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace balse {

/// An output file that appears whole or not at all: written beside the target, synced, then
/// renamed. Destroyed without commit(), it leaves the target as it was and no temporary file
/// behind. Throws Error: cannot_create where the file cannot be made, io where writing fails (disk
/// full).
class AtomicFile {
 public:
  explicit AtomicFile(std::string path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Removes the temporary files of all unfinished outputs: what a signal handler must do before
  /// the process dies. Async-signal-safe.
  static void remove_unfinished() noexcept;

  void write(std::string_view bytes);
  void commit();

 private:
  std::string path_;
  std::string temporary_;
  int slot_ = -1;  // in the list that remove_unfinished() walks
  std::FILE* file_ = nullptr;
};

}  // namespace balse
