#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "balse/support/file_lock.hpp"

namespace balse::cli {

/// A lock that waits for whoever holds it, if it may, and says where it had to stay behind.
class OutputLock {
 public:
  /// Throws what FileLock throws: try_later where another run still holds it after `wait`.
  OutputLock(const std::string& path, FileLock::Afterwards afterwards,
             std::chrono::seconds wait = {});
  ~OutputLock();
  OutputLock(const OutputLock&) = delete;
  OutputLock& operator=(const OutputLock&) = delete;

 private:
  std::string path_;
  std::unique_ptr<FileLock> lock_;
};

}  // namespace balse::cli
