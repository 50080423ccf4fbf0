#include "balse/data/byte_source.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <new>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

namespace balse {
namespace {

constexpr std::size_t kInputSize = std::size_t{1} << 17;
constexpr unsigned char kGzipMagic[] = {0x1f, 0x8b};

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
void ByteSource::look_for_gzip() {
  looked_ = true;
  // The two bytes that tell may come one by one from a pipe.
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  while (stream_.avail_in < sizeof kGzipMagic && !ended_) {
    const std::size_t count =
        read_raw(input_.data() + stream_.avail_in, input_.size() - stream_.avail_in);
    stream_.avail_in += static_cast<uInt>(count);
    ended_ = count == 0;
  }
  const bool magic = stream_.avail_in >= sizeof kGzipMagic &&
                     std::memcmp(input_.data(), kGzipMagic, sizeof kGzipMagic) == 0;
  if (magic && inflateInit2(&stream_, 15 + 16) != Z_OK) {
    throw std::bad_alloc();
  }
  is_gzip_ = magic;
  in_member_ = magic;
}

ByteSource::~ByteSource() {
  if (is_gzip_) {
    inflateEnd(&stream_);
  }
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
    look_for_gzip();
  }
  return is_gzip_ ? read_gzip(out, size) : read_plain(out, size);
}

std::size_t ByteSource::read_plain(char* out, std::size_t size) {
  if (stream_.avail_in > 0) {  // what the constructor read ahead
    const std::size_t count = std::min<std::size_t>(size, stream_.avail_in);
    std::memcpy(out, stream_.next_in, count);
    stream_.next_in += count;
    stream_.avail_in -= static_cast<uInt>(count);
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
  stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
  stream_.avail_in = static_cast<uInt>(count);
  ended_ = count == 0;
}

std::size_t ByteSource::read_gzip(char* out, std::size_t size) {
  const auto wanted = static_cast<uInt>(std::min<std::size_t>(size, std::size_t{1} << 30));
  stream_.next_out = reinterpret_cast<Bytef*>(out);
  stream_.avail_out = wanted;
  while (stream_.avail_out == wanted) {
    if (stream_.avail_in == 0 && !ended_) {
      fill_input();
    }
    if (!in_member_ && stream_.avail_in > 0) {
      if (*stream_.next_in == kGzipMagic[0]) {
        inflateReset(&stream_);
        in_member_ = true;
      } else if (*stream_.next_in == 0) {  // padding after a member
        ++stream_.next_in;
        --stream_.avail_in;
        continue;
      } else {
        fail_gzip("has something else after its gzip data");
      }
    }
    if (stream_.avail_in == 0) {
      if (in_member_) {
        fail_gzip("is a truncated gzip file");
      }
      return 0;
    }
    const int status = inflate(&stream_, Z_NO_FLUSH);
    if (status == Z_STREAM_END) {
      in_member_ = false;
    } else if (status == Z_MEM_ERROR) {
      throw std::bad_alloc();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      fail_gzip("is a corrupt gzip file");
    }
  }
  return wanted - stream_.avail_out;
}

void ByteSource::fail_gzip(const char* what) const {
  throw Error(ErrorKind::bad_data,
              {.file = path_, .found = what, .hint = "gzip -t on it, or a new copy"});
}

bool ByteSource::ready(int milliseconds) const {
  if (ended_ || stream_.avail_in > 0) {
    return true;
  }
  pollfd descriptor = {.fd = descriptor_, .events = POLLIN, .revents = 0};
  return ::poll(&descriptor, 1, milliseconds) != 0;  // an error shows itself in read()
}

}  // namespace balse
