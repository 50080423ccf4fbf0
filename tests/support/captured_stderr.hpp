#pragma once

#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>
#include <unistd.h>

namespace balse::test {

/// While it lives, whatever this process writes to standard error goes into a file: libraries that
/// say something of their own are found out.
class CapturedStderr {
 public:
  CapturedStderr() : file_(std::tmpfile(), std::fclose), saved_(::dup(STDERR_FILENO)) {
    if (!file_ || saved_ < 0) {
      throw std::runtime_error("standard error cannot be captured");
    }
    std::fflush(stderr);
    ::dup2(::fileno(file_.get()), STDERR_FILENO);
  }
  ~CapturedStderr() {
    std::fflush(stderr);
    ::dup2(saved_, STDERR_FILENO);
    ::close(saved_);
  }
  CapturedStderr(const CapturedStderr&) = delete;
  CapturedStderr& operator=(const CapturedStderr&) = delete;

  std::string text() const {
    std::fflush(stderr);
    std::string text(4096, '\0');
    const ssize_t size = ::pread(::fileno(file_.get()), text.data(), text.size(), 0);
    text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
    return text;
  }

 private:
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
  int saved_;
};

}  // namespace balse::test
