#include "exit_codes.hpp"

#include <sysexits.h>

namespace balse::cli {

int exit_code_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::usage:
      return EX_USAGE;
    case ErrorKind::bad_data:
      return EX_DATAERR;
    case ErrorKind::no_input:
      return EX_NOINPUT;
    case ErrorKind::cannot_create:
      return EX_CANTCREAT;
    case ErrorKind::io:
      return EX_IOERR;
    case ErrorKind::try_later:
      return EX_TEMPFAIL;
    case ErrorKind::out_of_resources:
      return EX_OSERR;
  }
  return EX_SOFTWARE;
}

}  // namespace balse::cli
