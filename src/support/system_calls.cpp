#include "balse/support/system_calls.hpp"

#include <poll.h>
#include <unistd.h>

namespace balse {

bool write_all(int descriptor, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written =
        uninterrupted([&] { return ::write(descriptor, bytes.data(), bytes.size()); });
    if (written >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(written));
      continue;
    }
    pollfd room = {.fd = descriptor, .events = POLLOUT, .revents = 0};
    if (errno != EAGAIN || uninterrupted([&] { return ::poll(&room, 1, -1); }) < 0) {
      return false;
    }
  }
  return true;
}

bool close_written(int descriptor) {
  return ::close(descriptor) == 0 || errno == EINTR;
}

}  // namespace balse
