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

  void write(std::string_view bytes);
  void commit();

 private:
  std::string path_;
  std::string temporary_;
  std::FILE* file_ = nullptr;
};

}  // namespace balse
