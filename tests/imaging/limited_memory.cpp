#include "imaging/limited_memory.hpp"

#include <cstdio>
#include <exception>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace balse::test {
namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__) || defined(__clang__)
constexpr bool kLimit = false;
#else
constexpr bool kLimit = true;
#endif

void limit_memory() {
  std::size_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  const rlim_t bytes =
      pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) + (std::size_t{256} << 20);
  const rlimit limit = {bytes, bytes};
  ::setrlimit(RLIMIT_AS, &limit);
}

}  // namespace

std::optional<std::string> in_limited_memory(const std::function<std::string()>& action) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> result(std::tmpfile(), std::fclose);
  if (!result) {
    throw std::runtime_error("no temporary file");
  }
  const int descriptor = ::fileno(result.get());
  const pid_t child = ::fork();
  if (child < 0) {
    throw std::runtime_error("no child process");
  }
  if (child == 0) {
    if (kLimit) {
      limit_memory();
    }
    try {
      const std::string text = action();
      ::_exit(::write(descriptor, text.data(), text.size()) < 0 ? 2 : 0);
    } catch (...) {
      ::_exit(1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    return std::nullopt;
  }
  std::string text(4096, '\0');
  const ssize_t size = ::pread(descriptor, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

}  // namespace balse::test
