#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <optional>
#include <string>

namespace balse::report {

inline std::string fixed(double value, int digits) {
  std::array<char, 400> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

/// With a dash where there is no figure.
inline std::string fixed_or_dash(const std::optional<double>& value, int digits) {
  return value ? fixed(*value, digits) : "–";
}

/// "1,234,567"
inline std::string grouped(std::uint64_t value) {
  std::string text = std::to_string(value);
  for (std::size_t k = text.size(); k > 3;) {
    k -= 3;
    text.insert(k, ",");
  }
  return text;
}

/// "1,234 ratings", "1 rating"
inline std::string grouped(std::uint64_t value, const std::string& one) {
  return grouped(value) + " " + one + (value == 1 ? "" : "s");
}

/// "0.42 s", "3 min 5 s", "2 h 3 min"
inline std::string duration(double seconds) {
  if (seconds < 60.0) {
    return fixed(seconds, seconds < 10.0 ? 2 : 1) + " s";
  }
  const auto whole = static_cast<std::uint64_t>(std::llround(seconds));
  return whole < 3600
             ? std::to_string(whole / 60) + " min " + std::to_string(whole % 60) + " s"
             : std::to_string(whole / 3600) + " h " + std::to_string(whole / 60 % 60) + " min";
}

/// "12.3 MB", of millions of bytes.
inline std::string megabytes(double bytes) {
  return fixed(bytes / 1e6, 1) + " MB";
}

}  // namespace balse::report
