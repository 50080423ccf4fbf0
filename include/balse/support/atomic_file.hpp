#pragma once

#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace balse {

class UnfinishedFile;

enum class Durability {
  synced,     ///< waits for the disk: survives a power cut
  unhurried,  ///< leaves that to the system; for thousands of small files that can be made again
};

/// An output file that appears whole or not at all: written without a name where the file system
/// can (so that not even a killed process leaves anything behind) and otherwise beside the target,
/// synced, then renamed. Different files may be written by different threads. Destroyed without
/// commit(), it leaves the target as it was and no temporary file behind. Throws Error:
/// cannot_create where the file cannot be made, io where writing fails (disk full).
class AtomicFile {
 public:
  explicit AtomicFile(std::string path, Durability durability = Durability::synced);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Removes the temporary files of all unfinished outputs, and locks that are removed when they
  /// are given back: what a signal handler must do before the process dies. Async-signal-safe.
  static void remove_unfinished() noexcept;

  void write(std::string_view bytes);
  void commit();

 private:
  int open_nameless(unsigned mode);
  int open_named(unsigned mode);
  void give_name();

  std::string path_;
  Durability durability_;
  std::string temporary_;  // empty while the file has no name
  std::unique_ptr<UnfinishedFile> unfinished_;
  std::FILE* file_ = nullptr;
};

}  // namespace balse
