#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace balse {

/// How the text of a rating becomes a number: words with values, or numbers as they are.
class RatingScale {
 public:
  /// Numbers as they are.
  static RatingScale numeric();

  /// Mangaki's words with the paper's values (section V.B): favorite 4 (the data challenge writes
  /// love), like 2, neutral 0.1, dislike -2, willsee 0.5, wontsee -0.5.
  static RatingScale mangaki();

  /// "numeric", "mangaki", or "like=1,dislike=-1"; throws Error(usage) for anything else.
  static RatingScale parse(std::string_view text);

  /// The value of a rating, or nothing where it is not on the scale (an unknown word, NaN,
  /// infinity).
  std::optional<float> value_of(std::string_view text) const;

  bool is_numeric() const { return words_.empty(); }
  const std::vector<std::pair<std::string, float>>& words() const { return words_; }

  /// "numeric", or the words and their values in the form that parse() takes.
  std::string describe() const;

 private:
  std::vector<std::pair<std::string, float>> words_;  // empty: numeric
};

}  // namespace balse
