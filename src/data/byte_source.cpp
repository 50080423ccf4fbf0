#include "balse/data/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

#include "data/decompressor.hpp"

namespace balse {
namespace {

constexpr std::size_t kInputSize = std::size_t{1} << 17;

[[noreturn]] void fail_open(const std::string& path, int error_number) {
  ErrorParts parts{.file = path};
  if (error_number == ENOENT) {
    parts.found = "no such file";
    parts.hint = "another path, or - for standard input";
  } else {
    parts.found = "cannot be opened: " + system_message(error_number);
    parts.hint = "a file that you may read";
  }
  throw Error(kind_of_failure(error_number, ErrorKind::no_input), parts);
}

}  // namespace

ByteSource::ByteSource(std::string path) : path_(std::move(path)), input_(kInputSize) {
  open();
}

// Not in the constructor: a pipe may have nothing to say yet.
void ByteSource::look_for_compression() {
  looked_ = true;
  // The bytes that tell may come one by one from a pipe.
  bool more = true;
  while (more && !ended_) {
    const std::size_t count = read_raw(input_.data() + left_.size(), input_.size() - left_.size());
    left_ = {input_.data(), left_.size() + count};
    ended_ = count == 0;
    if (!ended_) {
      decompressor_ = make_decompressor(left_, more);
    }
  }
  in_member_ = decompressor_ != nullptr;
}

ByteSource::~ByteSource() {
  if (descriptor_ != STDIN_FILENO) {
    ::close(descriptor_);
  }
}

void ByteSource::open() {
  if (path_ == "-") {
    descriptor_ = STDIN_FILENO;
  } else {
    descriptor_ = uninterrupted([&] { return ::open(path_.c_str(), O_RDONLY | O_CLOEXEC); });
    if (descriptor_ < 0) {
      fail_open(path_, errno);
    }
  }
  struct stat status = {};
  if (::fstat(descriptor_, &status) == 0 && S_ISDIR(status.st_mode)) {
    if (descriptor_ != STDIN_FILENO) {
      ::close(descriptor_);
    }
    throw Error(ErrorKind::no_input,
                {.file = path_, .found = "is a directory", .hint = "a file inside it"});
  }
}

std::size_t ByteSource::read_raw(char* out, std::size_t size) {
  for (;;) {
    const ssize_t count = ::read(descriptor_, out, size);
    if (count >= 0) {
      return static_cast<std::size_t>(count);
    }
    if (errno == EAGAIN) {  // somebody made it non-blocking
      pollfd descriptor = {.fd = descriptor_, .events = POLLIN, .revents = 0};
      ::poll(&descriptor, 1, -1);
    } else if (errno != EINTR) {
      throw Error(ErrorKind::io,
                  {.file = path_, .found = "cannot be read: " + system_message(errno)});
    }
  }
}

std::size_t ByteSource::read(char* out, std::size_t size) {
  if (!looked_) {
    look_for_compression();
  }
  return decompressor_ ? read_compressed(out, size) : read_plain(out, size);
}

std::size_t ByteSource::read_plain(char* out, std::size_t size) {
  if (!left_.empty()) {  // what was read to look for compression
    const std::size_t count = std::min(size, left_.size());
    std::memcpy(out, left_.data(), count);
    left_.remove_prefix(count);
    return count;
  }
  if (ended_) {
    return 0;
  }
  const std::size_t count = read_raw(out, size);
  ended_ = count == 0;
  return count;
}

void ByteSource::fill_input() {
  const std::size_t count = read_raw(input_.data(), input_.size());
  left_ = {input_.data(), count};
  ended_ = count == 0;
}

std::size_t ByteSource::read_compressed(char* out, std::size_t size) {
  for (int idle = 0;;) {
    if (left_.empty() && !ended_) {
      fill_input();
    }
    if (!in_member_ && !left_.empty()) {
      if (left_.front() == '\0') {  // padding after a member
        left_.remove_prefix(1);
        continue;
      }
      decompressor_->restart();
      in_member_ = true;
    }
    if (left_.empty() && !in_member_) {
      return 0;
    }
    // Even without input: what has come may hold more than went out.
    const Decompressor::Step step = decompressor_->step(left_, out, size);
    if (step.failed) {
      fail("is a corrupt ", " file");
    }
    left_.remove_prefix(step.used);
    in_member_ = !step.ended;
    if (step.made > 0) {
      return step.made;
    }
    if (step.used == 0 && !step.ended) {
      if (left_.empty() && ended_) {
        fail("is a truncated ", " file");
      }
      if (++idle > 2) {
        fail("is a corrupt ", " file");
      }
    }
  }
}

void ByteSource::fail(const char* what, const char* after) const {
  const std::string name = decompressor_->name();
  throw Error(
      ErrorKind::bad_data,
      {.file = path_, .found = what + name + after, .hint = name + " -t on it, or a new copy"});
}

bool ByteSource::ready(int milliseconds) const {
  if (ended_ || !left_.empty()) {
    return true;
  }
  pollfd descriptor = {.fd = descriptor_, .events = POLLIN, .revents = 0};
  // A signal is no input: read() would wait for the next row with the one before unanswered. An
  // error shows itself there.
  return uninterrupted([&] { return ::poll(&descriptor, 1, milliseconds); }) != 0;
}

}  // namespace balse
