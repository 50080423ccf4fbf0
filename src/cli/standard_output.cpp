#include "standard_output.hpp"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <unistd.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"

namespace balse::cli {

void write_standard_output(std::string_view text) {
  const bool on_terminal = ::isatty(STDOUT_FILENO) == 1;
  std::string escaped;
  if (on_terminal) {
    text = escaped = escape(text, "\n\t");
  }
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    if (errno == EPIPE) {  // the caller ignores SIGPIPE; nobody reads on, so end as it would have
      AtomicFile::remove_unfinished();
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    throw Error(ErrorKind::io, {.file = "standard output",
                                .found = "cannot be written: " + system_message(errno)});
  }
}

}  // namespace balse::cli
