#pragma once

#include <array>
#include <cstddef>
#include <string_view>

namespace balse {

/// A text that templates may take as an argument.
template <std::size_t size>
struct FixedText {
  char text[size] = {};  // with the final NUL

  constexpr FixedText(const char (&from)[size]) {  // NOLINT(google-explicit-constructor): a literal
    for (std::size_t k = 0; k < size; ++k) {
      text[k] = from[k];
    }
  }
  static constexpr std::size_t length() { return size - 1; }
};

/// "als" and ".user_factors" as one text that lives as long as the program.
template <FixedText first, FixedText second>
struct JoinedText {
  static constexpr auto kText = [] {
    std::array<char, first.length() + second.length()> text = {};
    for (std::size_t k = 0; k < first.length(); ++k) {
      text[k] = first.text[k];
    }
    for (std::size_t k = 0; k < second.length(); ++k) {
      text[first.length() + k] = second.text[k];
    }
    return text;
  }();
  static constexpr std::string_view kView = {kText.data(), kText.size()};
};

template <FixedText first, FixedText second>
inline constexpr std::string_view kJoined = JoinedText<first, second>::kView;

}  // namespace balse
