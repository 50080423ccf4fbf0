#include "balse/data/records.hpp"

namespace balse {

bool take_further_lines(InputFile& file, LineSplitter& splitter, std::string_view& line,
                        std::size_t limit) {
  std::size_t known = line.size();
  while (file.extend_line(line)) {
    const bool quote = line.find('"', known) != std::string_view::npos;  // else nothing is closed
    known = line.size();
    if (quote && splitter.split(line)) {
      return true;
    }
    if (quote && !splitter.is_open()) {
      break;
    }
  }
  file.shorten_line(line);
  splitter.split(line, limit);
  return false;
}

std::string said_delimiter(std::string_view line) {
  constexpr std::string_view kSeparator = "sep=";
  if (line.size() > 2 && line.front() == '"' && line.back() == '"') {
    line = line.substr(1, line.size() - 2);
  }
  const bool said = line.size() == kSeparator.size() + 1 && line.starts_with(kSeparator);
  return std::string(said ? line.substr(kSeparator.size()) : std::string_view());
}

bool is_comment(std::string_view line) {
  return line.starts_with("# ") || line.starts_with("% ");
}

}  // namespace balse
