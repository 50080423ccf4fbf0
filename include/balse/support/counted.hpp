#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace balse {

/// "1 rating", "2 ratings"; `many` for what does not take an s: "2 entries".
inline std::string counted(std::uint64_t count, std::string_view one, std::string_view many = {}) {
  std::string text = std::to_string(count) + ' ';
  if (count != 1 && !many.empty()) {
    text += many;
  } else {
    text += one;
    text += count == 1 ? "" : "s";
  }
  return text;
}

}  // namespace balse
