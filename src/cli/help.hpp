#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

namespace balse::cli {

/// Commands that can be typed as they are, under a caption that may be empty.
struct Example {
  std::string caption;
  std::vector<std::string> commands;
};

struct ExitCode {
  int code;
  const char* meaning;
};

/// All that balse ends with, in ascending order.
std::span<const ExitCode> exit_codes();

/// The end of every --help: worked examples of this command, then the exit codes, in lines of
/// `width`.
std::string help_footer(const std::vector<Example>& examples, std::size_t width);

}  // namespace balse::cli
