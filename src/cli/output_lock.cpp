#include "output_lock.hpp"

#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"

namespace balse::cli {

OutputLock::~OutputLock() {
  if (const int error_number = lock_.give_back(); error_number != 0) {
    spdlog::warn("{}: the lock cannot be removed: {}; it holds nobody up", printable(path_),
                 system_message(error_number));
  }
}

}  // namespace balse::cli
