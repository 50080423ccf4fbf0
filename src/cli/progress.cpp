#include "progress.hpp"

#include <cmath>
#include <cstdio>
#include <unistd.h>

#include "logger.hpp"

namespace balse::cli {

Progress::Progress()
    : on_terminal_(!is_quiet() && ::isatty(STDERR_FILENO) == 1),
      begun_(std::chrono::steady_clock::now()) {}

Progress::~Progress() {
  erase();
}

void Progress::erase() const {
  if (on_terminal_) {
    std::fputs("\r\033[K", stderr);
  }
}

void Progress::update(std::size_t done, std::size_t total, const std::string& what) {
  if (!on_terminal_ || total == 0) {
    return;
  }
  erase();
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun_).count();
  const double share = static_cast<double>(done) / static_cast<double>(total);
  std::fprintf(stderr, "%3.0f%%  %s", 100.0 * share, what.c_str());
  if (done > 0 && done < total) {
    std::fprintf(stderr, ", %.0f s left", std::ceil(seconds / share * (1.0 - share)));
  }
  std::fflush(stderr);
}

}  // namespace balse::cli
