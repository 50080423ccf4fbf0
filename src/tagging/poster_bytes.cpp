#include "tagging/poster_bytes.hpp"

#include <cerrno>
#include <fcntl.h>
#include <unistd.h>

#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

namespace balse {
namespace {

struct Descriptor {
  explicit Descriptor(const std::string& path)
      : number(path == "-" ? STDIN_FILENO : uninterrupted([&] {
          return ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        })) {}
  ~Descriptor() {
    if (number > STDIN_FILENO) {
      ::close(number);
    }
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;

  int number;
};

[[noreturn]] void fail_to_read(const std::string& path) {
  throw Error(ErrorKind::no_input,
              {.file = path, .found = "cannot be read: " + system_message(errno)});
}

}  // namespace

std::vector<std::byte> read_head(const std::string& path, std::size_t limit) {
  const Descriptor file(path);
  if (file.number < 0) {
    fail_to_read(path);
  }
  std::vector<std::byte> head(limit);
  const ssize_t count = uninterrupted([&] { return ::read(file.number, head.data(), limit); });
  if (count < 0) {
    fail_to_read(path);
  }
  head.resize(static_cast<std::size_t>(count));
  return head;
}

void read_poster(const std::string& path, std::vector<std::byte>& bytes) {
  const Descriptor file(path);
  if (file.number < 0) {
    fail_to_read(path);
  }
  constexpr std::size_t kStep = std::size_t{1} << 18;
  std::size_t have = 0;
  while (true) {
    bytes.resize(have + kStep);
    const ssize_t count = ::read(file.number, bytes.data() + have, kStep);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      fail_to_read(path);
    }
    have += static_cast<std::size_t>(count);
    if (count == 0) {
      bytes.resize(have);
      return;
    }
    if (have > kMaxPosterBytes) {
      throw Error(ErrorKind::bad_data, {.file = path, .found = "a file of more than 512 MB"});
    }
  }
}

}  // namespace balse
