#include "torch_failure.hpp"

#include <algorithm>
#include <c10/util/Exception.h>
#include <string_view>
#include <vector>

#include "balse/support/error.hpp"

namespace balse {

std::string torch_failure(const std::exception& error) {
  const auto* const own = dynamic_cast<const c10::Error*>(&error);
  std::string_view rest = own != nullptr ? own->what_without_backtrace() : error.what();
  std::vector<std::string_view> lines;
  while (!rest.empty()) {
    const std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    if (line.find_first_not_of(" \t\r") != std::string_view::npos) {
      lines.push_back(line);
    }
  }
  if (lines.empty()) {
    return "no reason given";
  }
  // The line that says something is the first; of what fails in a script itself, it is the last.
  const bool in_script = lines.front().find("TorchScript interpreter") != std::string_view::npos;
  return shorten(in_script ? lines.back() : lines.front(), 200);
}

}  // namespace balse
