#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>

namespace balse {

/// The whole of `text` as a finite decimal number, in any locale; nothing else (no space, no hex,
/// no "nan").
inline std::optional<double> parse_number(std::string_view text) {
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '9') {  // most ratings of most files
    return text[0] - '0';
  }
  double value = 0.0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

}  // namespace balse
