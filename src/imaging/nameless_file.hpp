#pragma once

#include <cstddef>
#include <span>
#include <string>

namespace balse {

/// Bytes in memory as a file that libraries open by its path: it lies in no folder, so nothing of
/// it stays behind however the process ends. Throws Error(bad_data), which says that it takes
/// /proc, where there is no such path.
class NamelessFile {
 public:
  explicit NamelessFile(std::span<const std::byte> bytes);
  ~NamelessFile();
  NamelessFile(const NamelessFile&) = delete;
  NamelessFile& operator=(const NamelessFile&) = delete;

  std::string path() const;

 private:
  int descriptor_;
};

}  // namespace balse
