#include "data/rating_collector.hpp"

#include <algorithm>
#include <utility>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/drop_unrated.hpp"
#include "data/duplicates.hpp"
#include "data/outliers.hpp"
#include "data/rating_time.hpp"

namespace balse {
namespace {

// What databases, pandas and R write where there is no rating.
bool is_missing(std::string_view rating) {
  return rating.empty() || rating == "NaN" || rating == "nan" || rating == "NA" ||
         rating == "NULL" || rating == "null" || rating == "None" || rating == "\\N" ||
         rating == "N/A";
}

constexpr std::size_t kMaxRatings = std::numeric_limits<std::uint32_t>::max();

}  // namespace

RatingCollector::RatingCollector(const ReadRatingsOptions& options, ReadRatingsSummary& summary)
    : options_(options),
      summary_(summary),
      bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows),
      scale_(options.scale) {}

void RatingCollector::begin_file(const std::string& path) {
  path_ = path;
  line_ = 0;
  may_have_commas_ = false;
  said_commas_ = false;
  said_no_time_ = false;
  summary_.files.push_back({.path = path, .fingerprint = {}, .read_as = {}, .guess = {}});
}

void RatingCollector::add_guess(const std::string& guess) {
  std::string& all = summary_.files.back().guess;
  all += (all.empty() ? "" : "; ") + guess;
}

bool RatingCollector::is_rating(std::string_view text) const {
  if (scale_) {
    return value_on(*scale_, text).has_value();
  }
  return value_on(RatingScale::numeric(), text) || RatingScale::mangaki().value_of(text);
}

std::optional<float> RatingCollector::value_on(const RatingScale& scale,
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

std::optional<float> RatingCollector::value_of(std::string_view rating) {
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

void RatingCollector::add_text(const RatingRow& row) {
  if (options_.unrated.told == Unrated::Told::by_values && options_.unrated.names(row.rating)) {
    ++summary_.unrated.rows;
    ratings_.dropped_rows.push_back(summary_.rows - 1);
  } else if (const std::optional<float> value = value_of(row.rating)) {
    digits_are_ratings_ = scale_->is_numeric() && options_.unrated.told != Unrated::Told::by_values;
    keep(row, *value);
  } else if (options_.unrated.told == Unrated::Told::by_the_data && is_missing(row.rating)) {
    summary_.unrated.guessed = true;
    leave_out(row.rating.empty() ? "no rating" : row.rating);
  } else {
    reject_rating(row.rating);
  }
}

void RatingCollector::add_unrated(const RatingRow& row) {
  if (options_.unrated.told == Unrated::Told::never && is_rating(row.rating)) {
    add(row);
    return;
  }
  leave_out(row.rating);
}

void RatingCollector::leave_out(std::string_view value) {
  std::vector<std::string>& values = summary_.unrated.values;
  ++summary_.unrated.rows;
  if (std::find(values.begin(), values.end(), value) == values.end()) {
    values.emplace_back(value);
  }
  ratings_.dropped_rows.push_back(summary_.rows - 1);
}

void RatingCollector::keep(const RatingRow& row, float value) {
  const std::size_t position = ratings_.size();
  if (position == kMaxRatings) {
    throw Error(ErrorKind::bad_data,
                {.file = path_,
                 .line = line_,
                 .found = "more than " + std::to_string(kMaxRatings) + " ratings"});
  }
  if (options_.times) {
    keep_time(row.time);
  }
  // Most files are grouped by user.
  if (position == 0 || last_user_id_ != row.user) {
    last_user_ = ratings_.users.insert(row.user);
    last_user_id_ = row.user;
  }
  ratings_.user.push_back(last_user_);
  ratings_.item.push_back(ratings_.items.insert(row.item));
  ratings_.value.push_back(value);
  if (value < lowest_.value) {
    lowest_ = {.value = value, .line = line_, .file = summary_.files.size() - 1};
  }
  if (value > highest_.value) {
    highest_ = {.value = value, .line = line_, .file = summary_.files.size() - 1};
  }
  if (options_.duplicates == Duplicates::error) {
    const std::uint64_t offset = line_ - position;
    const std::size_t file = summary_.files.size() - 1;
    if (lines_.empty() || lines_.back().offset != offset || lines_.back().file != file) {
      lines_.push_back({position, offset, file});
    }
  }
}

// All of them have one, or none. What looked like times by its name alone need not be.
void RatingCollector::keep_time(std::string_view time) {
  const std::optional<std::int64_t> seconds = parse_time(time);
  if (!seconds && !options_.columns.time.empty()) {
    throw Error(ErrorKind::bad_data,
                {.file = path_,
                 .line = line_,
                 .found = "found " + shorten(time) + " as the time of a rating",
                 .expected = "seconds since 1970, or a date as in 2015-03-04 or 2015-03-04 "
                             "12:00:00",
                 .hint = "--timestamp NAME of another column"});
  }
  if (!seconds && !time.empty() && !said_no_time_) {
    said_no_time_ = true;
    add_guess("times are left out: " + shorten(time) + " is none");
  }
  ratings_.time.push_back(seconds.value_or(kNoTime));
}

std::string RatingCollector::list_item(const std::string& id, bool manga) {
  (manga ? has_manga_ : has_anime_) = true;
  return manga && !id.empty() ? std::string(kMangaPrefix) + id : id;
}

// Which matters only where both are there.
void RatingCollector::name_list_items() {
  const auto without_prefix = [](const IdIndex& ids) {
    IdIndex plain;
    for (std::uint32_t k = 0; k < ids.size(); ++k) {
      const std::string_view id = ids[k];
      plain.insert(id.starts_with(kMangaPrefix) ? id.substr(kMangaPrefix.size()) : id);
    }
    return plain;
  };
  if (has_manga_ && !has_anime_) {
    ratings_.items = without_prefix(ratings_.items);
    summary_.works.items = without_prefix(summary_.works.items);
  } else if (has_manga_) {
    add_guess(
        "lists of anime and of manga, whose ids are the same numbers: those of manga are "
        "called manga:1");
  }
}

void RatingCollector::set_title(std::string_view item, std::string_view title) {
  Works& works = summary_.works;
  if (!title.empty() && works.items.insert(item) == works.titles.size()) {
    works.titles.emplace_back(title);
    works.categories.emplace_back();
  }
}

Ratings RatingCollector::finish() {
  const std::string& file = summary_.files.front().path;
  check_unrated_values();
  if (ratings_.size() == 0 && summary_.unrated.rows > 0) {
    throw Error(ErrorKind::bad_data,
                {.file = file,
                 .found = "holds nothing but " + counted(summary_.unrated.rows, "unrated row"),
                 .hint = "--unrated"});
  }
  if (ratings_.size() == 0) {
    bad_rows_.fail_nothing_left(file, "ratings", "rows of user,item,rating");
  }
  if (options_.duplicates != Duplicates::error) {
    leave_out_unrated();  // a 0 after a 9 does not take it back
  }
  resolve_duplicates();
  if (options_.duplicates == Duplicates::error) {
    leave_out_unrated();
  }
  if (std::find(ratings_.time.begin(), ratings_.time.end(), kNoTime) != ratings_.time.end()) {
    if (std::any_of(ratings_.time.begin(), ratings_.time.end(),
                    [](std::int64_t time) { return time != kNoTime; })) {
      add_guess("times are left out, as not every rating has one");
    }
    ratings_.time = {};
  }
  look_for_outliers();
  name_list_items();
  summary_.scale = *scale_;
  return std::move(ratings_);
}

// A misspelt one would leave nothing out, and nobody would know.
void RatingCollector::check_unrated_values() const {
  for (const std::string& value : options_.unrated.values) {
    if (!is_rating(value) && !is_missing(value)) {
      throw Error(ErrorKind::usage, {.found = "--unrated " + shorten(value),
                                     .expected = "values of the rating scale, as in -1,0"});
    }
  }
}

// By what the values are; those that were named are left out already.
void RatingCollector::leave_out_unrated() {
  if (options_.unrated.told == Unrated::Told::by_values) {
    summary_.unrated.values = options_.unrated.values;
  } else if (options_.unrated.told == Unrated::Told::by_the_data && scale_->is_numeric() &&
             lowest_.value <= 0.0F) {  // few files: to look costs time
    drop_unrated(ratings_, summary_.unrated);
  }
}

// Words are what their scale says.
void RatingCollector::look_for_outliers() {
  if (!scale_->is_numeric()) {
    return;
  }
  const LoneValue lone = lone_value(ratings_.value);
  if (lone.count > 1) {
    summary_.lone_value = lone.value;
    summary_.lone_low = lone.rest_low;
    summary_.lone_high = lone.rest_high;
    return;
  }
  const ValueRange usual = usual_range(ratings_.value);
  for (const Extreme& extreme : {lowest_, highest_}) {
    if (usual.is_far(extreme.value)) {
      summary_.outliers.push_back({.file = summary_.files[extreme.file].path,
                                   .line = extreme.line,
                                   .value = extreme.value,
                                   .rest_low = usual.low,
                                   .rest_high = usual.high});
    }
  }
}

const RatingCollector::LineRun& RatingCollector::run_of(std::size_t position) const {
  const auto after =
      std::upper_bound(lines_.begin(), lines_.end(), position,
                       [](std::size_t value, const LineRun& run) { return value < run.position; });
  return *std::prev(after);
}

void RatingCollector::resolve_duplicates() {
  if (options_.duplicates != Duplicates::error) {
    summary_.duplicates = drop_duplicates(ratings_, options_.duplicates);
    return;
  }
  if (const auto pair = find_duplicate(ratings_)) {
    const LineRun& first = run_of(pair->first);
    const LineRun& second = run_of(pair->second);
    throw Error(
        ErrorKind::bad_data,
        {.file = summary_.files[second.file].path,
         .line = second.offset + pair->second,
         .found = "user " + shorten(ratings_.users[ratings_.user[pair->second]]) + " rates item " +
                  shorten(ratings_.items[ratings_.item[pair->second]]) +
                  " a second time, after line " + std::to_string(first.offset + pair->first) +
                  (first.file == second.file ? "" : " of " + summary_.files[first.file].path),
         .hint = "--duplicates last, first or mean"});
  }
}

void RatingCollector::reject(std::string found, std::string expected, std::string hint) {
  bad_rows_.add([&] {
    hint += hint.empty() ? "--skip-bad-rows" : " or --skip-bad-rows";
    return ErrorParts{.file = path_,
                      .line = line_,
                      .found = std::move(found),
                      .expected = std::move(expected),
                      .hint = std::move(hint)};
  });
  ratings_.dropped_rows.push_back(summary_.rows - 1);
}

void RatingCollector::reject_empty(const RatingRow& row, std::string_view line) {
  reject(
      std::string("an empty ") + (row.user.empty() ? "user" : "item") + " id in " + shorten(line),
      {}, {});
}

void RatingCollector::reject_rating(std::string_view rating) {
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

}  // namespace balse
