#include "data/rating_collector.hpp"

#include <algorithm>
#include <utility>

#include "balse/data/row_text.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/drop_unrated.hpp"
#include "data/duplicates.hpp"
#include "data/outliers.hpp"
#include "data/rating_time.hpp"

namespace balse {
namespace {

constexpr std::size_t kMaxRatings = std::numeric_limits<std::uint32_t>::max();

}  // namespace

RatingCollector::RatingCollector(const ReadRatingsOptions& options, ReadRatingsSummary& summary)
    : options_(options),
      summary_(summary),
      bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows),
      scale_(options.scale),
      needs_lines_(options.duplicates == Duplicates::error || !options.test_paths.empty()) {}

void RatingCollector::begin_file(const std::string& path) {
  path_ = path;
  line_ = 0;
  said_commas_ = false;
  said_no_time_ = false;
  summary_.files.push_back({.path = path, .fingerprint = {}, .read_as = {}, .guess = {}});
  file_begins_.push_back(ratings_.size());
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
  if (value || !scale.is_numeric()) {
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
  if (!value) {  // a comma that is within a field parts no columns
    value = value_on(*scale_, rating);
    if (value && !said_commas_) {
      said_commas_ = true;
      add_guess(shorten(rating) + " has a decimal comma, as others may");
    }
  }
  return value;
}

void RatingCollector::add_text(const RatingRow& row) {
  if (!options_.unrated.values.empty() && options_.unrated.names(row.rating)) {
    leave_out(row.rating.empty() ? "no rating" : row.rating);
  } else if (const std::optional<float> value = value_of(row.rating)) {
    digits_are_ratings_ = scale_->is_numeric() && options_.unrated.values.empty();
    keep(row, *value);
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
  if (needs_lines_) {
    const std::uint64_t number = summary_.rows - 1;
    const std::uint64_t offset = line_ - number;
    const std::size_t file = summary_.files.size() - 1;
    if (lines_.empty() || lines_.back().offset != offset || lines_.back().file != file) {
      lines_.push_back({number, offset, file});
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

void RatingCollector::set_title(std::string_view item, std::string_view title) {
  Works& works = summary_.works;
  if (!title.empty() && works.items.insert(item) == works.titles.size()) {
    works.titles.emplace_back(title);
    works.categories.emplace_back();
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
  reject("found " + shorten(rating) + " as a rating", expected,
         is_missing(rating) ? "--unrated=auto,missing" : "--scale, --columns");
}

}  // namespace balse
