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
#include "balse/data/works_reader.hpp"

namespace balse {

/// What to do where a (user, item) is rated more than once.
enum class Duplicates { last, first, mean, error };

/// Which columns of a delimited file are looked at: a number, counted from 1, a name of the header,
/// or nothing: then the names that people give them tell, and without a header they are the first
/// three. In JSON the names are those of the members.
struct RatingColumns {
  std::string user;
  std::string item;
  std::string rating;
  std::string time;  ///< empty: by its name

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
  bool times = false;          ///< keep when each rating was given
  bool skip_bad_rows = false;  ///< leave bad rows out and report them instead of throwing
  /// Read after the others, as files of the same data set, and kept apart from them: what they hold
  /// is tested. A (user, item) that both sides rate is an error.
  std::vector<std::string> test_paths = {};
};

/// One of the files that make a data set, and how it was understood.
struct RatingFile {
  std::string path;
  std::string fingerprint;  ///< see InputFile::fingerprint()
  std::uint64_t rows = 0;
  float highest = 0.0F;  ///< rating, unrated values among them; 0 where there is none
  std::string read_as;   ///< "CSV between commas: user = column 1 "user_id", ..."
  std::string guess;     ///< what of that was a guess; else empty
  bool is_test = false;  ///< one of test_paths
};

/// A value far away from all others.
struct Outlier {
  std::string file;
  std::uint64_t line = 0;
  float value = 0.0F;
  float rest_low = 0.0F;  ///< nine of ten others are from here
  float rest_high = 0.0F;
};

struct ReadRatingsSummary {
  std::uint64_t rows = 0;      ///< data rows in all files, bad ones included
  std::uint64_t bad_rows = 0;  ///< skipped; always 0 without skip_bad_rows
  std::uint64_t duplicates =
      0;  ///< rows dropped (or merged) because their (user, item) is rated elsewhere
  std::uint64_t without_time = 0;  ///< ratings, where times were asked for
  std::size_t test_begin = 0;      ///< entry of the first rating of test_paths; 0 without such
  UnratedSummary unrated;
  std::vector<std::string> first_bad_rows;  ///< messages of the first five
  std::vector<RatingFile> files;
  std::vector<Outlier> outliers;  ///< the lowest and the highest value, where they are such
  /// A value that many have and that is far from all others, which may mean "not rated".
  std::optional<float> lone_value;
  float lone_low = 0.0F;  ///< where all others are
  float lone_high = 0.0F;
  Works works;            ///< what the files themselves call their items
  std::string delimiter;  ///< of the last file; empty: no CSV
  bool had_header = false;
  RatingScale scale = RatingScale::numeric();

  /// Of all files: the one's, or a hash of all of theirs.
  std::string fingerprint() const;
};

/// Reads ratings from a path, a folder (all files in it), or "-": rows of user, item and rating
/// between delimiters, JSON or JSON lines, MyAnimeList's and AniList's exports, or Netflix' blocks,
/// told by the first bytes of each file. Throws Error(bad_data) with file, line and text for the
/// first bad row, for a file that cannot be understood, for one without any rating, and for a
/// (user, item) that is to be trained on and tested.
Ratings read_ratings(const std::string& path, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary);
/// Several that are one data set, in this order.
Ratings read_ratings(const std::vector<std::string>& paths, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary);

}  // namespace balse
