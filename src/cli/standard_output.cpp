#include "standard_output.hpp"

#include <cerrno>
#include <cstdio>

#include "balse/support/error.hpp"

namespace balse::cli {

void write_standard_output(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    throw Error(ErrorKind::io, {.file = "standard output",
                                .found = "cannot be written: " + system_message(errno)});
  }
}

}  // namespace balse::cli
