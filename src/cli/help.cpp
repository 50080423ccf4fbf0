#include "command.hpp"

namespace balse::cli {

std::string help_footer(const std::string& examples) {
  return "\nExamples:\n" + examples +
         "\n\nExit codes:\n"
         "  0 done   64 wrong usage   65 bad data   66 no input   70 internal error   71 out of "
         "memory\n"
         "  73 output cannot be created   74 read or write error   75 locked, try again later";
}

}  // namespace balse::cli
