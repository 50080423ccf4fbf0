#include "help.hpp"

#include <sysexits.h>

#include "exit_codes.hpp"
#include "wrapped_text.hpp"

namespace balse::cli {
namespace {

constexpr ExitCode kExitCodes[] = {
    {EX_OK, "done"},
    {kDoneWithWarnings, "done, but warned (--strict)"},
    {EX_USAGE, "wrong usage"},
    {EX_DATAERR, "bad data"},
    {EX_NOINPUT, "no input"},
    {EX_SOFTWARE, "internal error"},
    {EX_OSERR, "out of memory"},
    {EX_CANTCREAT, "output cannot be created"},
    {EX_IOERR, "read or write error"},
    {EX_TEMPFAIL, "locked, try again later"},
};

std::string exit_code_lines(std::size_t width) {
  std::string text;
  std::string line;
  for (const ExitCode& entry : kExitCodes) {
    const std::string word = std::to_string(entry.code) + ' ' + entry.meaning;
    if (!line.empty() && line.size() + word.size() + 3 > width) {
      text += line + '\n';
      line.clear();
    }
    line += (line.empty() ? "  " : "   ") + word;
  }
  return text + line;
}

}  // namespace

std::span<const ExitCode> exit_codes() {
  return kExitCodes;
}

std::string help_footer(const std::vector<Example>& examples, std::size_t width) {
  std::string text = "\nExamples:\n";
  for (const Example& example : examples) {
    const std::size_t indent = example.caption.empty() ? 2 : 4;
    if (!example.caption.empty()) {
      text += "  " + wrapped(example.caption + ":", 2, width) + "\n";
    }
    for (const std::string& command : example.commands) {
      // cron takes a line as it is.
      const bool can_break = command.find(" * * * ") == std::string::npos;
      text += std::string(indent, ' ') +
              (can_break ? wrapped_command(command, indent, width) : command) + '\n';
    }
  }
  return text + "\nExit codes:\n" + exit_code_lines(width);
}

}  // namespace balse::cli
