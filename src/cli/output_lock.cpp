#include "output_lock.hpp"

#include <thread>

#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"

namespace balse::cli {
namespace {

// The kernel's own waiting has no end but by a signal, and the file that it waits for may be
// removed meanwhile.
constexpr std::chrono::milliseconds kBetweenAttempts{100};

}  // namespace

OutputLock::OutputLock(const std::string& path, FileLock::Afterwards afterwards,
                       std::chrono::seconds wait)
    : path_(path) {
  const auto begun = std::chrono::steady_clock::now();
  bool said = false;
  while (!lock_) {
    try {
      lock_ = std::make_unique<FileLock>(path, afterwards);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::try_later ||
          std::chrono::steady_clock::now() - begun >= wait) {
        throw;
      }
      if (!said) {
        spdlog::info("{}: another run holds this lock; waiting for up to {} s", printable(path),
                     wait.count());
        said = true;
      }
      std::this_thread::sleep_for(kBetweenAttempts);
    }
  }
}

OutputLock::~OutputLock() {
  if (const int error_number = lock_->give_back(); error_number != 0) {
    spdlog::warn("{}: the lock cannot be removed: {}; it holds nobody up", printable(path_),
                 system_message(error_number));
  }
}

}  // namespace balse::cli
