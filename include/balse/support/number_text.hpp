#pragma once

#include <charconv>
#include <optional>
#include <string_view>

namespace balse {

/// All of `text` as a number, in any locale; nothing where it is anything else, or too large.
template <typename Number>
std::optional<Number> number_in(std::string_view text) {
  Number number{};
  const char* const last = text.data() + text.size();
  const auto [end, error] = std::from_chars(text.data(), last, number);
  return error == std::errc() && end == last ? std::optional(number) : std::nullopt;
}

}  // namespace balse
