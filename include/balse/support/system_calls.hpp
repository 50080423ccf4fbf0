#pragma once

#include <cerrno>
#include <string_view>

namespace balse {

/// The result of a system call, made again as often as a signal interrupts it. (Not for close(2):
/// Linux has closed the descriptor then.)
template <typename Call>
auto uninterrupted(const Call& call) {
  auto result = call();
  while (result < 0 && errno == EINTR) {
    result = call();
  }
  return result;
}

/// Writes all of it, also where a descriptor that others made non-blocking takes a piece at a time.
/// False, with errno, where that cannot be.
bool write_all(int descriptor, std::string_view bytes);

/// close(2): false, with errno, where what was written is lost.
bool close_written(int descriptor);

}  // namespace balse
