#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace balse {

/// A file's bytes, mapped and not copied: pages are read when they are touched and shared with
/// other processes. Files that are replaced by renaming, as AtomicFile does, stay whole while
/// mapped. Throws Error: no_input where the file cannot be opened or is no regular file, io where
/// it cannot be mapped.
class MappedFile {
 public:
  explicit MappedFile(std::string path);
  ~MappedFile();
  MappedFile(MappedFile&& other) noexcept;
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }
  const std::string& path() const { return path_; }

 private:
  std::string path_;
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace balse
