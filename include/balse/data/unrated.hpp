#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// Which values of a rating file mean "seen, but not rated": nothing can be learned from such rows,
/// and taken for ratings they would be the lowest of all.
struct Unrated {
  enum class Told {
    by_the_data,  ///< see guess_unrated()
    never,        ///< every value is a rating
    by_values,
  };
  Told told = Told::by_the_data;
  /// Numbers, words of the scale, or kMissing; also with by_the_data, besides what the data say.
  std::vector<std::string> values;
  static constexpr const char* kMissing = "missing";  ///< what is_missing() knows

  /// "auto", "none" or a list, as in "-1,0" or "auto,missing"; throws Error(usage).
  static Unrated parse(std::string_view text);
  /// Whether `rating`, the text of a file's field, is one of the values.
  bool names(std::string_view rating) const;
};

/// What databases, pandas and R write where there is no rating: nothing, NaN, NULL, \N.
bool is_missing(std::string_view rating);

/// What was left out as unrated.
struct UnratedSummary {
  std::uint64_t rows = 0;
  std::vector<std::string> values;  ///< "-1"; of the rows above
  bool guessed = false;             ///< nobody said so
  bool zero_is_rating = false;      ///< there are zeros, and they were taken for ratings
};

/// The values among these ratings that cannot well be ratings:
///  - -1, where all others are 0 or more and reach 3 (5 where 0 is one of them);
///  - 0, where all others are whole numbers from 1 on that reach 5, as in 1 to 10, and a gap is
///    between: nothing is rated 1, or the zeros are more than three times those; or where they go
///    beyond 5 and are further from 0 than from each other.
/// Files that follow no such scale, or have more than 1,000 different ratings, have none.
std::vector<float> guess_unrated(std::span<const float> ratings, bool& zero_is_rating);

}  // namespace balse
