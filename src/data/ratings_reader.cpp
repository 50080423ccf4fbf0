#include "balse/data/ratings_reader.hpp"

#include <algorithm>
#include <limits>
#include <string_view>
#include <utility>

#include "balse/data/bad_rows.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/drop_unrated.hpp"
#include "data/duplicates.hpp"
#include "data/number.hpp"
#include "data/rating_layout.hpp"
#include "data/rating_preamble.hpp"

namespace balse {
namespace {

constexpr std::size_t kMaxRatings = std::numeric_limits<std::uint32_t>::max();

class RatingsReader {
 public:
  RatingsReader(const std::string& path, const ReadRatingsOptions& options,
                ReadRatingsSummary& summary)
      : options_(options),
        summary_(summary),
        file_(path),
        bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows),
        preamble_(options),
        scale_(options.scale) {}

  Ratings read();

 private:
  /// From which entry on the line number is `offset` + position.
  struct LineRun {
    std::size_t position;
    std::uint64_t offset;
  };

  bool start(std::string_view line);
  void add_guess(const std::string& guess);
  void look_for_row_names(std::string_view line);
  bool has_more(std::string_view rest) const;
  bool is_rating(std::string_view text) const;
  void add_row(std::string_view line);
  std::optional<float> value_on(const RatingScale& scale, std::string_view text) const;
  std::optional<float> value_of(std::string_view rating);
  void keep(std::string_view user, std::string_view item, float value);
  void leave_out_unrated();
  void resolve_duplicates();
  std::uint64_t line_of(std::size_t position) const;

  void reject(std::string found, std::string expected, std::string hint);
  void reject_short_row();
  void reject_rating(std::string_view rating);

  const ReadRatingsOptions& options_;
  ReadRatingsSummary& summary_;
  InputFile file_;
  BadRows bad_rows_;
  LineSplitter splitter_{","};
  RatingPreamble preamble_;
  std::optional<RatingScale> scale_;
  float lowest_ = std::numeric_limits<float>::infinity();
  bool may_have_commas_ = false;  // before decimals
  bool said_commas_ = false;
  RatingLayout columns_;
  std::size_t needed_ = 0;  // fields of a row that are looked at
  std::size_t names_ = 0;   // fields of the header
  std::uint32_t last_user_ = 0;
  std::string last_user_id_;
  std::vector<LineRun> lines_;  // only where duplicates are errors, to name them
  Ratings ratings_;
};

Ratings RatingsReader::read() {
  std::string_view line;
  while (file_.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (needed_ == 0 && (preamble_.takes(line) || start(line))) {
      continue;
    }
    add_row(line);
  }
  if (ratings_.size() == 0 && summary_.unrated.rows > 0) {
    throw Error(ErrorKind::bad_data,
                {.file = file_.path(),
                 .found = "holds nothing but " + counted(summary_.unrated.rows, "unrated row"),
                 .hint = "--unrated"});
  }
  if (ratings_.size() == 0) {
    bad_rows_.fail_nothing_left(file_.path(), "ratings", "rows of user,item,rating");
  }
  if (options_.duplicates != Duplicates::error) {
    leave_out_unrated();  // a 0 after a 9 does not take it back
  }
  resolve_duplicates();
  if (options_.duplicates == Duplicates::error) {
    leave_out_unrated();
  }
  summary_.scale = *scale_;
  summary_.fingerprint = file_.fingerprint();
  return std::move(ratings_);
}

// Decides by the first row how the file is written; true if that row is a header.
bool RatingsReader::start(std::string_view line) {
  summary_.delimiter = preamble_.delimiter_of(line);
  may_have_commas_ = summary_.delimiter != ",";
  splitter_ = LineSplitter(summary_.delimiter);
  if (splitter_.split(line)) {
    columns_ = rating_layout(
        splitter_, options_.columns, [this](std::string_view text) { return is_rating(text); },
        file_.path(), file_.line_number());
  }
  summary_.had_header = columns_.has_header;
  names_ = columns_.has_header ? splitter_.size() : 0;
  summary_.guess = columns_.guess;
  needed_ = columns_.needed();
  return summary_.had_header;
}

bool RatingsReader::is_rating(std::string_view text) const {
  if (scale_) {
    return value_on(*scale_, text).has_value();
  }
  return value_on(RatingScale::numeric(), text) || RatingScale::mangaki().value_of(text);
}

// A comma before decimals is one where it cannot part columns.
std::optional<float> RatingsReader::value_on(const RatingScale& scale,
                                             std::string_view text) const {
  const auto value = scale.value_of(text);
  if (value || !may_have_commas_ || !scale.is_numeric()) {
    return value;
  }
  const std::size_t comma = text.find(',');
  if (comma == std::string_view::npos) {
    return value;
  }
  std::string with_point(text);
  with_point[comma] = '.';
  return scale.value_of(with_point);
}

void RatingsReader::add_guess(const std::string& guess) {
  summary_.guess += (summary_.guess.empty() ? "" : "; ") + guess;
}

// R writes the numbers of the rows before them, and no name for these.
void RatingsReader::look_for_row_names(std::string_view line) {
  if (line.starts_with("\"1\"") && splitter_.split(line) && splitter_.size() == names_ + 1) {
    for (std::size_t* column : {&columns_.user, &columns_.item, &columns_.rating}) {
      ++*column;
    }
    ++needed_;
    ++names_;
    add_guess("rows have one field more than the header: the first is taken for row names");
  }
}

void RatingsReader::add_row(std::string_view line) {
  ++summary_.rows;
  if (summary_.rows == 1 && names_ > 0) {
    look_for_row_names(line);
  }
  if (!splitter_.split(line, needed_)) {
    reject(std::string(splitter_.problem()) + " in " + shorten(line), {}, "--delimiter");
    return;
  }
  if (splitter_.size() < needed_) {
    reject_short_row();
    return;
  }
  // Else 4,5 between commas would be 4. Where the rating is not the last column nobody counts.
  if (names_ == needed_ && !splitter_.rest().empty() && has_more(splitter_.rest())) {
    reject(
        "more fields than the " + counted(names_, "column") + " of the header in " + shorten(line),
        {}, "quotes around what holds the delimiter");
    return;
  }
  const std::string_view user = splitter_[columns_.user - 1];
  const std::string_view item = splitter_[columns_.item - 1];
  const std::string_view rating = splitter_[columns_.rating - 1];
  if (user.empty() || item.empty()) {
    reject(std::string("an empty ") + (user.empty() ? "user" : "item") + " id in " + shorten(line),
           {}, {});
    return;
  }
  if (options_.unrated.told == Unrated::Told::by_values && options_.unrated.names(rating)) {
    ++summary_.unrated.rows;
    ratings_.dropped_rows.push_back(summary_.rows - 1);
  } else if (const std::optional<float> value = value_of(rating)) {
    keep(user, item, *value);
  } else {
    reject_rating(rating);
  }
}

// Fields that are empty are none.
bool RatingsReader::has_more(std::string_view rest) const {
  return rest.find_first_not_of(splitter_.delimiter() + " \t") != std::string_view::npos;
}

std::optional<float> RatingsReader::value_of(std::string_view rating) {
  if (!scale_) {
    if (!is_rating(rating)) {
      return std::nullopt;
    }
    scale_ =
        value_on(RatingScale::numeric(), rating) ? RatingScale::numeric() : RatingScale::mangaki();
  }
  auto value = scale_->value_of(rating);
  if (!value && may_have_commas_) {
    value = value_on(*scale_, rating);
    if (value && !said_commas_) {
      said_commas_ = true;
      add_guess(shorten(rating) + " has a decimal comma, as others may");
    }
  }
  return value;
}

void RatingsReader::keep(std::string_view user, std::string_view item, float value) {
  const std::size_t position = ratings_.size();
  if (position == kMaxRatings) {
    throw Error(ErrorKind::bad_data,
                {.file = file_.path(),
                 .line = file_.line_number(),
                 .found = "more than " + std::to_string(kMaxRatings) + " ratings"});
  }
  // Most files are grouped by user.
  if (position == 0 || last_user_id_ != user) {
    last_user_ = ratings_.users.insert(user);
    last_user_id_ = user;
  }
  ratings_.user.push_back(last_user_);
  ratings_.item.push_back(ratings_.items.insert(item));
  ratings_.value.push_back(value);
  lowest_ = std::min(lowest_, value);
  if (options_.duplicates == Duplicates::error) {
    const std::uint64_t offset = file_.line_number() - position;
    if (lines_.empty() || lines_.back().offset != offset) {
      lines_.push_back({position, offset});
    }
  }
}

std::uint64_t RatingsReader::line_of(std::size_t position) const {
  const auto after =
      std::upper_bound(lines_.begin(), lines_.end(), position,
                       [](std::size_t value, const LineRun& run) { return value < run.position; });
  return std::prev(after)->offset + position;
}

// By what the values are; those that were named are left out already.
void RatingsReader::leave_out_unrated() {
  if (options_.unrated.told == Unrated::Told::by_values) {
    summary_.unrated.values = options_.unrated.values;
  } else if (options_.unrated.told == Unrated::Told::by_the_data && scale_->is_numeric() &&
             lowest_ <= 0.0F) {  // few files: to look costs time
    drop_unrated(ratings_, summary_.unrated);
  }
}

void RatingsReader::resolve_duplicates() {
  if (options_.duplicates != Duplicates::error) {
    summary_.duplicates = drop_duplicates(ratings_, options_.duplicates);
    return;
  }
  if (const auto pair = find_duplicate(ratings_)) {
    throw Error(ErrorKind::bad_data,
                {.file = file_.path(),
                 .line = line_of(pair->second),
                 .found = "user " + shorten(ratings_.users[ratings_.user[pair->second]]) +
                          " rates item " + shorten(ratings_.items[ratings_.item[pair->second]]) +
                          " a second time, after line " + std::to_string(line_of(pair->first)),
                 .hint = "--duplicates last, first or mean"});
  }
}

void RatingsReader::reject(std::string found, std::string expected, std::string hint) {
  bad_rows_.add([&] {
    hint += hint.empty() ? "--skip-bad-rows" : " or --skip-bad-rows";
    return ErrorParts{.file = file_.path(),
                      .line = file_.line_number(),
                      .found = std::move(found),
                      .expected = std::move(expected),
                      .hint = std::move(hint)};
  });
  ratings_.dropped_rows.push_back(summary_.rows - 1);
}

void RatingsReader::reject_short_row() {
  const std::size_t size = splitter_.size();
  std::string found = "missing column: ";
  found += size == 1 ? "only 1 field, " + shorten(splitter_[0]) + ','
                     : "only " + std::to_string(size) + " fields";
  found += " when split at " + delimiter_name(splitter_.delimiter());
  const std::string expected = "user in column " + std::to_string(columns_.user) + ", item in " +
                               std::to_string(columns_.item) + ", rating in " +
                               std::to_string(columns_.rating);
  reject(std::move(found), expected, "--delimiter, --columns user=1,item=2,rating=3");
}

void RatingsReader::reject_rating(std::string_view rating) {
  std::string expected;
  const auto list_words = [&](const RatingScale& scale) {
    for (const auto& [word, value] : scale.words()) {
      expected += (expected.empty() ? "one of " : ", ") + word;
    }
  };
  if (!scale_) {
    list_words(RatingScale::mangaki());
    expected = "a number or " + expected;
    if (summary_.rows == 1 && !summary_.had_header) {
      expected += "; or a header that names user, item and rating";
    }
  } else if (scale_->is_numeric()) {
    expected = "a finite number";
  } else {
    list_words(*scale_);
  }
  reject("found " + shorten(rating) + " as a rating", expected, "--scale, --columns");
}

}  // namespace

Ratings read_ratings(const std::string& path, const ReadRatingsOptions& options,
                     ReadRatingsSummary& summary) {
  summary = {};
  return RatingsReader(path, options, summary).read();
}

}  // namespace balse
