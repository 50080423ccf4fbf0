#include "standard_output.hpp"

#include <cerrno>
#include <csignal>
#include <string>
#include <unistd.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"
#include "balse/support/system_calls.hpp"

namespace balse::cli {

void write_standard_output(std::string_view text) {
  const bool on_terminal = ::isatty(STDOUT_FILENO) == 1;
  std::string escaped;
  if (on_terminal) {
    text = escaped = escape(text, "\n\t");
  }
  if (!write_all(STDOUT_FILENO, text)) {
    const int error_number = errno;
    if (error_number == EPIPE) {  // the caller ignores SIGPIPE; nobody reads on: end as it would
      AtomicFile::remove_unfinished();
      std::signal(SIGPIPE, SIG_DFL);
      std::raise(SIGPIPE);
    }
    throw Error(ErrorKind::io, {.file = "standard output",
                                .found = "cannot be written: " + system_message(error_number)});
  }
}

}  // namespace balse::cli
