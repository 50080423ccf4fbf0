#include "standard_output.hpp"

#include <cerrno>
#include <csignal>
#include <unistd.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"

namespace balse::cli {

void write_standard_output(std::string_view text) {
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
