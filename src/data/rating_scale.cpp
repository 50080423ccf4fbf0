#include "balse/data/rating_scale.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "balse/support/error.hpp"

#include "data/number.hpp"

namespace balse {
namespace {

std::optional<float> finite_float(std::string_view text) {
  const std::optional<double> number = parse_number(text);
  // Compared in double: the conversion of what float cannot hold is undefined.
  if (!number || std::abs(*number) > static_cast<double>(std::numeric_limits<float>::max())) {
    return std::nullopt;
  }
  return static_cast<float>(*number);
}

[[noreturn]] void fail_scale(std::string_view text) {
  throw Error(ErrorKind::usage, {.found = "a rating scale cannot be " + shorten(text),
                                 .expected = "numeric, mangaki, or words with values",
                                 .hint = "--scale like=1,dislike=-1"});
}

}  // namespace

RatingScale RatingScale::numeric() {
  return {};
}

RatingScale RatingScale::mangaki() {
  RatingScale scale;
  scale.words_ = {{"favorite", 4.0F}, {"like", 2.0F},     {"neutral", 0.1F}, {"dislike", -2.0F},
                  {"willsee", 0.5F},  {"wontsee", -0.5F}, {"love", 4.0F}};
  return scale;
}

RatingScale RatingScale::parse(std::string_view text) {
  if (text == "numeric") {
    return numeric();
  }
  if (text == "mangaki") {
    return mangaki();
  }
  RatingScale scale;
  std::string_view rest = text;
  for (bool more = true; more;) {
    const std::size_t comma = rest.find(',');
    const std::string_view pair = rest.substr(0, comma);
    const std::size_t equals = pair.rfind('=');
    if (equals == std::string_view::npos || equals == 0) {
      fail_scale(text);
    }
    const std::string_view word = pair.substr(0, equals);
    const std::optional<float> value = finite_float(pair.substr(equals + 1));
    const bool repeated = std::any_of(scale.words_.begin(), scale.words_.end(),
                                      [&](const auto& known) { return known.first == word; });
    if (!value || repeated) {
      fail_scale(text);
    }
    scale.words_.emplace_back(word, *value);
    more = comma != std::string_view::npos;
    rest.remove_prefix(more ? comma + 1 : rest.size());
  }
  return scale;
}

std::optional<float> RatingScale::value_of(std::string_view text) const {
  if (words_.empty()) {
    return finite_float(text);
  }
  for (const auto& [word, value] : words_) {
    if (word == text) {
      return value;
    }
  }
  for (const auto& [word, value] : words_) {
    if (std::equal(word.begin(), word.end(), text.begin(), text.end(), [](char a, char b) {
          return a == (b >= 'A' && b <= 'Z' ? static_cast<char>(b - 'A' + 'a') : b);
        })) {
      return value;  // "Like"
    }
  }
  return std::nullopt;
}

std::string RatingScale::describe() const {
  if (words_.empty()) {
    return "numeric";
  }
  std::string text;
  for (const auto& [word, value] : words_) {
    char digits[32];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    text += text.empty() ? "" : ",";
    text += word + '=' + std::string(digits, end);
  }
  return text;
}

}  // namespace balse
