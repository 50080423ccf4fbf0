#pragma once

#include <string>

#include "balse/support/file_lock.hpp"

namespace balse::cli {

/// A lock that says where it had to stay behind.
class OutputLock {
 public:
  OutputLock(const std::string& path, FileLock::Afterwards afterwards)
      : path_(path), lock_(path, afterwards) {}
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

 private:
  std::string path_;
  FileLock lock_;
};

}  // namespace balse::cli
