#pragma once

#include <optional>
#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/row_text.hpp"
#include "balse/evaluation/cross_validation.hpp"

#include "result_file.hpp"

namespace balse::cli {

/// `balse eval --predictions FILE`: CSV with a row per test rating: fold, user, item, rating, each
/// model's prediction, the item's and the user's train + validation count, whether the item has
/// tags, the weight of ALS in BALSE, and of the last of the models why it fell back and its
/// standard deviation. What is not there is empty.
class PredictionsFile {
 public:
  PredictionsFile(const std::string& path, const Ratings& ratings, bool csv_safe)
      : file_(path), ratings_(ratings), csv_safe_(csv_safe) {}

  /// The rows that follow are of this size of a learning curve, which is a column before the others
  /// then. First said before the header.
  void begin_point(const std::string& column, const std::string& value) {
    column_ = column + ',';
    point_.clear();
    append_field(point_, value, {',', csv_safe_});
    point_ += ',';
  }
  /// Once, whatever is written for how many sizes.
  void write_header(const std::vector<Contender>& contenders);
  void write(const TestPrediction& row);
  void commit();

 private:
  ResultFile file_;
  const Ratings& ratings_;
  bool csv_safe_;
  bool has_header_ = false;
  std::string column_;  // of a series, with the comma behind it
  std::string point_;   // likewise
  std::optional<Model> last_;
  std::string text_;  // of the rows that are not yet handed on
};

}  // namespace balse::cli
