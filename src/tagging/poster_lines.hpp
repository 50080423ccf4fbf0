#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "balse/tagging/poster_list.hpp"

namespace balse {

/// Posters as lines of JSON, in the files that balse tag keeps beside its output.

/// The paths of posters may be any bytes; what is no UTF-8 does not match and is tagged again.
std::string dump_line(const nlohmann::json& json);

nlohmann::json to_json(const Poster& poster);

/// A line, or a discarded value where it is torn.
nlohmann::json parse_line(std::string_view line);

std::optional<Poster> poster_of(const nlohmann::json& json);

/// Calls `take` with each complete line of a text until it says false, and returns how many bytes
/// it took; what follows the last line end is torn.
template <typename Take>
std::size_t for_each_line(std::string_view text, const Take& take) {
  std::size_t begin = 0;
  for (std::size_t end = 0; (end = text.find('\n', begin)) != std::string_view::npos;) {
    if (!take(text.substr(begin, end - begin))) {
      break;
    }
    begin = end + 1;
  }
  return begin;
}

/// The rest of an open file. Throws Error(io), which names `path`.
std::string read_all(int descriptor, const std::string& path);

}  // namespace balse
