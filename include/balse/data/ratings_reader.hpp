#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/rating_scale.hpp"
#include "balse/data/ratings.hpp"
#include "balse/data/unrated.hpp"

namespace balse {

/// What to do where a (user, item) is rated more than once.
enum class Duplicates { last, first, mean, error };

/// Which columns of a delimited file are looked at: a number, counted from 1, a name of the header,
/// or nothing: then the names that people give them tell, and without a header they are the first
/// three.
struct RatingColumns {
  std::string user;
  std::string item;
  std::string rating;

  /// "user=2,item=1,rating=3", "rating=my_score"; throws Error(usage).
  static RatingColumns parse(std::string_view text);
};

struct ReadRatingsOptions {
  std::string delimiter;  ///< empty: detected among tab, "::", comma, semicolon and "|"
  RatingColumns columns;
  std::optional<RatingScale>
      scale;  ///< absent: numeric if the first rating is a number, else Mangaki's
  Unrated unrated;
  Duplicates duplicates = Duplicates::last;
  bool skip_bad_rows = false;  ///< leave bad rows out and report them instead of throwing
};

struct ReadRatingsSummary {
  std::uint64_t rows = 0;      ///< data rows in the file, bad ones included
  std::uint64_t bad_rows = 0;  ///< skipped; always 0 without skip_bad_rows
  std::uint64_t duplicates =
      0;  ///< rows dropped (or merged) because their (user, item) is rated elsewhere
  UnratedSummary unrated;
  std::vector<std::string> first_bad_rows;  ///< messages of the first five
  std::string delimiter;
  bool had_header = false;
  std::string guess;  ///< which column was taken for what, where that was a guess
  RatingScale scale = RatingScale::numeric();
  std::string fingerprint;  ///< see InputFile::fingerprint()
};

/// Reads ratings from a path or "-". Throws Error(bad_data) with file, line and text for the first
/// bad row, and for a file without any rating.
Ratings read_ratings(const std::string& path, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary);

}  // namespace balse
