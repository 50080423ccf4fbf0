#include "balse/evaluation/score_reader.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/number_text.hpp"

#include "row_positions.hpp"

namespace balse {
namespace {

/// The positions of the columns that a file of predictions has.
struct ScoreColumns {
  std::size_t prediction = 0;
  std::optional<std::size_t> fold;
  std::optional<std::size_t> row;
  std::optional<std::size_t> user;
  std::optional<std::size_t> item;
  std::size_t count = 0;  ///< of all columns
};

/// Reads one file of predictions; a member function an idea.
class ScoreReading {
 public:
  ScoreReading(const ScoreFile& file, const Splits& splits, const Ratings& ratings)
      : file_(file), ratings_(ratings), positions_(ratings), input_(file.path) {
    for (std::size_t fold = 0; fold < splits.folds(); ++fold) {
      rows_.push_back(rows_of(splits.parts(fold), Part::test));
      predictions_.emplace_back(rows_.back().size(), kNoFigure);
    }
  }

  Score run(InputRecord& record) {
    read_header();
    if (columns_.user) {
      sort_pairs();
    }
    std::string_view line;
    while (input_.next_line(line)) {
      if (!line.empty()) {
        read_line(line);
      }
    }
    check_complete();
    record = {.role = "score", .path = file_.path, .sha256 = input_.fingerprint()};
    return {.contender = {.name = file_.name, .title = file_.name, .model = std::nullopt},
            .predictions = std::move(predictions_)};
  }

 private:
  [[noreturn]] void fail(std::string_view found, std::string expected) const {
    throw Error(ErrorKind::bad_data, {.file = file_.path,
                                      .line = input_.line_number(),
                                      .found = "found " + shorten(found),
                                      .expected = std::move(expected)});
  }

  void read_header() {
    std::string_view header;
    if (!input_.next_line(header)) {
      header = {};
    }
    splitter_ = LineSplitter(detect_delimiter(header, 2));
    std::vector<std::string_view> names;
    if (splitter_.split(header)) {
      names.assign(splitter_.begin(), splitter_.end());
    }
    const auto find = [&](std::string_view name) -> std::optional<std::size_t> {
      const auto place = std::find(names.begin(), names.end(), name);
      return place == names.end() ? std::nullopt
                                  : std::optional<std::size_t>(place - names.begin());
    };
    std::optional<std::size_t> prediction =
        find(file_.column.empty() ? std::string_view("prediction") : file_.column);
    if (!prediction && file_.column.empty()) {
      prediction = find(file_.name);
    }
    columns_ = {.fold = find("fold"),
                .row = find("row"),
                .user = find("user"),
                .item = find("item"),
                .count = names.size()};
    const bool keyed = columns_.row || (columns_.fold && columns_.user && columns_.item);
    if (!prediction || !keyed) {
      fail(header, "the columns row, or fold, user and item, and " +
                       (file_.column.empty() ? "prediction or " + file_.name : file_.column));
    }
    columns_.prediction = *prediction;
    if (columns_.row) {
      columns_.user.reset();
      columns_.item.reset();
    }
  }

  /// Every rating by user and item.
  void sort_pairs() {
    by_pair_.reserve(ratings_.size());
    for (std::uint32_t row = 0; row < ratings_.size(); ++row) {
      by_pair_.emplace_back(pair_of(ratings_.user[row], ratings_.item[row]), row);
    }
    std::sort(by_pair_.begin(), by_pair_.end());
  }

  static std::uint64_t pair_of(std::uint32_t user, std::uint32_t item) {
    return std::uint64_t{user} << 32 | item;
  }

  void read_line(std::string_view line) {
    if (!splitter_.split(line) || splitter_.size() < columns_.count) {
      fail(line, counted(columns_.count, "column"));
    }
    const std::string_view text = splitter_[columns_.prediction];
    const std::optional<double> prediction = number_in<double>(text);
    if (!prediction || !std::isfinite(*prediction)) {
      fail(text, "a number as the prediction");
    }
    std::size_t first = 0;
    std::size_t last = rows_.size();
    if (columns_.fold) {
      const std::string_view fold_text = splitter_[*columns_.fold];
      const std::optional<std::size_t> fold = number_in<std::size_t>(fold_text);
      if (!fold || *fold >= rows_.size()) {
        fail(fold_text, "a fold from 0 to " + std::to_string(rows_.size() - 1));
      }
      first = *fold;
      last = *fold + 1;
    }
    const std::optional<std::size_t> position =
        columns_.row ? position_of_row() : position_of_pair();
    for (std::size_t fold = first; position && fold < last; ++fold) {
      set(fold, *position, *prediction, text);
    }
  }

  std::optional<std::size_t> position_of_row() const {
    const std::string_view text = splitter_[*columns_.row];
    const std::optional<std::uint64_t> row = number_in<std::uint64_t>(text);
    if (!row || *row >= positions_.file_rows()) {
      fail(text,
           "a row of the rating file, from 0 to " + std::to_string(positions_.file_rows() - 1));
    }
    const std::size_t position = positions_[*row];
    return position == RowPositions::kDropped ? std::nullopt : std::optional(position);
  }

  std::optional<std::size_t> position_of_pair() const {
    const auto user = ratings_.users.find(splitter_[*columns_.user]);
    const auto item = ratings_.items.find(splitter_[*columns_.item]);
    if (!user || !item) {
      return std::nullopt;
    }
    const std::uint64_t pair = pair_of(*user, *item);
    const auto place = std::lower_bound(by_pair_.begin(), by_pair_.end(), std::pair(pair, 0U));
    return place == by_pair_.end() || place->first != pair
               ? std::nullopt
               : std::optional<std::size_t>(place->second);
  }

  void set(std::size_t fold, std::size_t position, double prediction, std::string_view text) {
    const std::vector<std::uint32_t>& rows = rows_[fold];
    const auto place = std::lower_bound(rows.begin(), rows.end(), position);
    if (place == rows.end() || *place != position) {
      return;  // not tested in this fold
    }
    double& known = predictions_[fold][static_cast<std::size_t>(place - rows.begin())];
    if (!std::isnan(known) && known != prediction) {
      fail(text, "the same prediction as before, " + std::to_string(known) +
                     ", for the same test rating");
    }
    known = prediction;
  }

  void check_complete() const {
    std::size_t missing = 0;
    std::string first;
    for (std::size_t fold = 0; fold < rows_.size(); ++fold) {
      for (std::size_t k = 0; k < rows_[fold].size(); ++k) {
        if (!std::isnan(predictions_[fold][k])) {
          continue;
        }
        const std::uint32_t row = rows_[fold][k];
        if (missing++ == 0) {
          first = "row " + std::to_string(positions_.row_of(row)) + " of fold " +
                  std::to_string(fold) + ", user " + shorten(ratings_.users[ratings_.user[row]]) +
                  " and item " + shorten(ratings_.items[ratings_.item[row]]);
        }
      }
    }
    if (missing > 0) {
      throw Error(ErrorKind::bad_data,
                  {.file = file_.path,
                   .found = "has no prediction for " + counted(missing, "test rating") +
                            "; the first is " + first,
                   .expected = "one for each test rating of every fold",
                   .hint = "--write-folds says what each fold tests"});
    }
  }

  const ScoreFile& file_;
  const Ratings& ratings_;
  RowPositions positions_;
  InputFile input_;
  LineSplitter splitter_{","};
  ScoreColumns columns_;
  std::vector<std::vector<std::uint32_t>> rows_;  // tested, by fold
  std::vector<std::vector<double>> predictions_;
  std::vector<std::pair<std::uint64_t, std::uint32_t>> by_pair_;
};

}  // namespace

Score read_score(const ScoreFile& file, const Splits& splits, const Ratings& ratings,
                 InputRecord& record) {
  return ScoreReading(file, splits, ratings).run(record);
}

}  // namespace balse
