#include "data/json_stream.hpp"

#include <nlohmann/json.hpp>

namespace balse {

bool looks_like_json(std::string_view head) {
  const std::size_t first = head.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) {
    return false;
  }
  if (head[first] == '{') {
    return true;
  }
  // A list of something that JSON has; "[1]" may also be an id.
  const std::size_t second = head.find_first_not_of(" \t\r\n", first + 1);
  return head[first] == '[' && second != std::string_view::npos &&
         (head[second] == '{' || head[second] == '[' || head[second] == ']');
}

bool looks_like_json_lines(std::string_view head) {
  const std::size_t end = head.find('\n');
  const std::string_view line = head.substr(0, end);
  return line.starts_with('{') && nlohmann::json::accept(line.begin(), line.end());
}

void JsonBytes::fill() {
  next_ = 0;
  if (!file_.next_chunk(chunk_)) {
    chunk_ = {};
  }
}

bool JsonBytes::skip_space() {
  while (!at_end()) {
    const char c = chunk_[next_];
    if (c != ' ' && c != '\t' && c != '\r' && c != '\n' && c != ',') {
      return true;
    }
    advance();
  }
  return false;
}

}  // namespace balse
