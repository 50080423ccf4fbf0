#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/bad_rows.hpp"
#include "balse/data/rating_scale.hpp"
#include "balse/data/ratings.hpp"
#include "balse/data/ratings_reader.hpp"

namespace balse {

/// What a form of file finds in a row, as text.
struct RatingRow {
  std::string_view user;
  std::string_view item;
  std::string_view rating;
  std::string_view time = {};  ///< where times are asked for and the file has some
};

/// Where the rows of all forms of files come together: makes ratings of their texts, keeps count of
/// what was left out and why, and puts all in order at the end.
class RatingCollector {
 public:
  /// Both must outlive it.
  RatingCollector(const ReadRatingsOptions& options, ReadRatingsSummary& summary);

  const ReadRatingsOptions& options() const { return options_; }
  ReadRatingsSummary& summary() { return summary_; }

  /// The rows that follow are of this file.
  void begin_file(const std::string& path);
  const std::string& path() const { return path_; }

  /// A row begins, in this line; then one of the next four is called.
  void begin_row(std::uint64_t line) {
    ++summary_.rows;
    line_ = line;
  }
  void add(const RatingRow& row) {
    if (digits_are_ratings_ && row.rating.size() == 1 && row.rating[0] >= '0' &&
        row.rating[0] <= '9') {
      keep(row, static_cast<float>(row.rating[0] - '0'));  // most ratings of most files
    } else {
      add_text(row);
    }
  }
  /// Whose value the file's form calls no rating. Where the user says that there are none it counts
  /// as a rating all the same.
  void add_unrated(const RatingRow& row);
  void reject(std::string found, std::string expected, std::string hint);
  void reject_empty(const RatingRow& row, std::string_view line);

  /// The id of an item in a list of anime or of manga, which have the same numbers: those of manga
  /// begin with kMangaPrefix, until finish() where there were no anime.
  std::string list_item(const std::string& id, bool manga);
  static constexpr std::string_view kMangaPrefix = "manga:";

  /// Of an item, where the file tells.
  void set_title(std::string_view item, std::string_view title);

  /// Says what was taken for what in this file.
  void add_guess(const std::string& guess);

  /// Whether a field can be a rating.
  bool is_rating(std::string_view text) const;
  /// Whether ratings are words, and these are Mangaki's.
  bool wants_words() const { return options_.scale && !options_.scale->is_numeric(); }

  /// All of them; throws Error(bad_data) where there are none. `expected` is what the rows should
  /// have been.
  Ratings finish();

 private:
  /// From which data row on the line number is `offset` + row.
  struct LineRun {
    std::uint64_t row;
    std::uint64_t offset;
    std::size_t file;
  };

  /// Where a rating stands.
  struct Place {
    const std::string& file;
    std::uint64_t line;
  };

  void add_text(const RatingRow& row);
  void leave_out(std::string_view value);
  std::optional<float> value_on(const RatingScale& scale, std::string_view text) const;
  std::optional<float> value_of(std::string_view rating);
  void keep(const RatingRow& row, float value);
  void keep_time(std::string_view time);
  void check_unrated_values() const;
  void compare_files();
  void name_list_items();
  void leave_out_unrated();
  void resolve_duplicates();
  void look_for_outliers();
  void check_test_files() const;
  void mark_test_ratings();
  std::size_t test_position() const;
  Place place_of(std::size_t position) const;
  void reject_rating(std::string_view rating);

  struct Extreme {
    float value;
    std::uint64_t line = 0;
    std::size_t file = 0;
  };

  const ReadRatingsOptions& options_;
  ReadRatingsSummary& summary_;
  BadRows bad_rows_;
  std::optional<RatingScale> scale_;
  std::string path_;
  std::uint64_t line_ = 0;
  bool needs_lines_;  // to name duplicates
  Extreme lowest_ = {.value = std::numeric_limits<float>::infinity()};
  Extreme highest_ = {.value = -std::numeric_limits<float>::infinity()};
  bool digits_are_ratings_ = false;
  bool has_anime_ = false;  // of lists
  bool has_manga_ = false;
  bool said_commas_ = false;
  bool said_no_time_ = false;
  std::uint32_t last_user_ = 0;
  std::string last_user_id_;
  std::vector<std::size_t> file_begins_;  // positions
  std::vector<LineRun> lines_;            // where they are needed
  Ratings ratings_;
};

}  // namespace balse
