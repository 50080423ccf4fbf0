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

/// 1-based columns of a delimited file; all three are needed.
struct RatingColumns {
  std::size_t user = 1;
  std::size_t item = 2;
  std::size_t rating = 3;

  /// "user=2,item=1,rating=3"; throws Error(usage).
  static RatingColumns parse(std::string_view text);
};

struct ReadRatingsOptions {
  std::string delimiter;  ///< empty: detected among tab, "::", comma, semicolon and "|"
  std::optional<RatingColumns>
      columns;  ///< absent: from the header's names, otherwise the first three
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
  RatingScale scale = RatingScale::numeric();
  std::string fingerprint;  ///< see InputFile::fingerprint()
};

/// Reads ratings from a path or "-". Throws Error(bad_data) with file, line and text for the first
/// bad row, and for a file without any rating.
Ratings read_ratings(const std::string& path, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary);

}  // namespace balse
