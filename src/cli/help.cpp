#include "help.hpp"

#include <sysexits.h>

namespace balse::cli {
namespace {

constexpr ExitCode kExitCodes[] = {
    {EX_OK, "done"},
    {EX_USAGE, "wrong usage"},
    {EX_DATAERR, "bad data"},
    {EX_NOINPUT, "no input"},
    {EX_SOFTWARE, "internal error"},
    {EX_OSERR, "out of memory"},
    {EX_CANTCREAT, "output cannot be created"},
    {EX_IOERR, "read or write error"},
    {EX_TEMPFAIL, "locked, try again later"},
};

constexpr std::size_t kLineWidth = 100;

std::string exit_code_lines() {
  std::string text;
  std::string line;
  for (const ExitCode& entry : kExitCodes) {
    const std::string word = std::to_string(entry.code) + ' ' + entry.meaning;
    if (!line.empty() && line.size() + word.size() + 3 > kLineWidth) {
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

std::string help_footer(const std::vector<Example>& examples) {
  std::string text = "\nExamples:\n";
  for (const Example& example : examples) {
    const std::string indent = example.caption.empty() ? "  " : "    ";
    if (!example.caption.empty()) {
      text += "  " + example.caption + ":\n";
    }
    for (const std::string& command : example.commands) {
      text += indent + command + '\n';
    }
  }
  return text + "\nExit codes:\n" + exit_code_lines();
}

}  // namespace balse::cli
