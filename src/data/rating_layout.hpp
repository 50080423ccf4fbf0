#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "balse/data/delimited.hpp"
#include "balse/data/ratings_reader.hpp"

namespace balse {

/// Where a rating file's columns are, counted from 1, and whether its first row names them.
struct RatingLayout {
  std::size_t user = 1;
  std::size_t item = 2;
  std::size_t rating = 3;
  std::size_t time = 0;  ///< 0: none
  bool has_header = false;
  std::string guess;  ///< what was taken for what, where that was a guess; else empty

  std::size_t needed() const;  ///< fields of a row
};

/// How many fields a row must have for these columns, as far as they are numbers.
std::size_t fields_for(const RatingColumns& chosen);

/// "user = column 1 "user_id", item = 2 "anime_id", rating = 3 "rating"".
std::string describe(const RatingLayout& layout, const LineSplitter& first_row);

/// What the first row of a file says, with `chosen` columns. Throws Error(bad_data) where the row
/// is neither a header whose names tell nor ratings, or where two columns may be the rating.
/// `is_rating` tells whether a field can be one.
RatingLayout rating_layout(const LineSplitter& first_row, const RatingColumns& chosen,
                           const std::function<bool(std::string_view)>& is_rating, bool times,
                           const std::string& file, std::uint64_t line);

}  // namespace balse
