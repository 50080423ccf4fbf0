// How RatingCollector puts all in order at the end.

#include <algorithm>
#include <utility>

#include "balse/data/row_text.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/drop_unrated.hpp"
#include "data/duplicates.hpp"
#include "data/outliers.hpp"
#include "data/rating_collector.hpp"
#include "data/rating_time.hpp"

namespace balse {

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
  compare_files();
  if (options_.duplicates != Duplicates::error) {
    leave_out_unrated();  // a 0 after a 9 does not take it back
  }
  check_test_files();
  resolve_duplicates();
  if (options_.duplicates == Duplicates::error) {
    leave_out_unrated();
  }
  summary_.without_time =
      static_cast<std::uint64_t>(std::count(ratings_.time.begin(), ratings_.time.end(), kNoTime));
  if (summary_.without_time > 0) {
    if (summary_.without_time < ratings_.size()) {
      add_guess("times are left out, as not every rating has one");
    }
    ratings_.time = {};
  }
  if (!options_.test_paths.empty()) {
    mark_test_ratings();
  }
  look_for_outliers();
  name_list_items();
  summary_.scale = *scale_;
  return std::move(ratings_);
}

// Five stars beside a hundred points make no data set.
void RatingCollector::compare_files() {
  constexpr float kSame = 2.5F;  // times; a person may never give more than two of five
  if (summary_.files.size() < 2 || !scale_->is_numeric()) {
    return;
  }
  const RatingFile* least = nullptr;
  const RatingFile* most = nullptr;
  for (std::size_t k = 0; k < summary_.files.size(); ++k) {
    const auto begin = ratings_.value.begin() + static_cast<std::ptrdiff_t>(file_begins_[k]);
    const auto end = k + 1 < file_begins_.size()
                         ? ratings_.value.begin() + static_cast<std::ptrdiff_t>(file_begins_[k + 1])
                         : ratings_.value.end();
    RatingFile& file = summary_.files[k];
    file.highest = begin == end ? 0.0F : *std::max_element(begin, end);
    if (begin != end && (least == nullptr || file.highest < least->highest)) {
      least = &file;
    }
    if (begin != end && (most == nullptr || file.highest > most->highest)) {
      most = &file;
    }
  }
  if (least != nullptr && least->highest > 0.0F && most->highest > kSame * least->highest) {
    add_guess("ratings reach " + exact_text(most->highest) + " in " + most->path + " and " +
              exact_text(least->highest) + " in " + least->path +
              ", and are taken for one scale all the same");
  }
}

// A misspelt one would leave nothing out, and nobody would know.
void RatingCollector::check_unrated_values() const {
  for (const std::string& value : options_.unrated.values) {
    if (!is_rating(value) && !is_missing(value) && value != Unrated::kMissing) {
      throw Error(ErrorKind::usage, {.found = "--unrated " + shorten(value),
                                     .expected = "values of the rating scale, as in -1,0"});
    }
  }
}

// By what the values are; those that were named are left out already.
void RatingCollector::leave_out_unrated() {
  if (options_.unrated.told == Unrated::Told::by_the_data && scale_->is_numeric() &&
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

RatingCollector::Place RatingCollector::place_of(std::size_t position) const {
  std::uint64_t row = position;
  for (const std::uint64_t dropped : ratings_.dropped_rows) {
    row += dropped <= row ? 1 : 0;
  }
  const auto after =
      std::upper_bound(lines_.begin(), lines_.end(), row,
                       [](std::uint64_t value, const LineRun& run) { return value < run.row; });
  const LineRun& run = *std::prev(after);
  return {.file = summary_.files[run.file].path, .line = run.offset + row};
}

// Entry of the first rating of the test files.
std::size_t RatingCollector::test_position() const {
  std::uint64_t row = 0;
  for (const RatingFile& file : summary_.files) {
    row += file.is_test ? 0 : file.rows;
  }
  const auto& dropped = ratings_.dropped_rows;
  const auto before = std::lower_bound(dropped.begin(), dropped.end(), row) - dropped.begin();
  return row - static_cast<std::uint64_t>(before);
}

// What models have seen proves nothing.
void RatingCollector::check_test_files() const {
  if (options_.test_paths.empty()) {
    return;
  }
  const SharedPairs shared = find_shared_pairs(ratings_, test_position());
  if (shared.count == 0) {
    return;
  }
  const Place test = place_of(shared.first.second);
  const Place train = place_of(shared.first.first);
  throw Error(
      ErrorKind::bad_data,
      {.file = test.file,
       .line = test.line,
       .found = "user " + shorten(ratings_.users[ratings_.user[shared.first.second]]) +
                " rates item " + shorten(ratings_.items[ratings_.item[shared.first.second]]) +
                ", as line " + std::to_string(train.line) + " of " + printable(train.file) +
                " does; " + counted(shared.count, "row tests", "rows test") + " what is trained on",
       .expected = "ratings that are in one of them alone"});
}

void RatingCollector::mark_test_ratings() {
  summary_.test_begin = test_position();
  for (const bool tested : {false, true}) {
    const bool none = summary_.test_begin == (tested ? ratings_.size() : 0);
    const auto file = std::find_if(summary_.files.begin(), summary_.files.end(),
                                   [&](const RatingFile& f) { return f.is_test == tested; });
    if (none) {
      throw Error(ErrorKind::bad_data,
                  {.file = file->path,
                   .found = std::string("has no rating to ") + (tested ? "test" : "train on")});
    }
  }
}

void RatingCollector::resolve_duplicates() {
  if (options_.duplicates != Duplicates::error) {
    summary_.duplicates = drop_duplicates(ratings_, options_.duplicates);
    return;
  }
  if (const auto pair = find_duplicate(ratings_)) {
    const Place first = place_of(pair->first);
    const Place second = place_of(pair->second);
    throw Error(ErrorKind::bad_data,
                {.file = second.file,
                 .line = second.line,
                 .found = "user " + shorten(ratings_.users[ratings_.user[pair->second]]) +
                          " rates item " + shorten(ratings_.items[ratings_.item[pair->second]]) +
                          " a second time, after line " + std::to_string(first.line) +
                          (&first.file == &second.file ? "" : " of " + first.file),
                 .hint = "--duplicates last, first or mean"});
  }
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

}  // namespace balse
