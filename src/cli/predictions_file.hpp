#pragma once

#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/evaluation/cross_validation.hpp"

#include "result_file.hpp"

namespace balse::cli {

/// `balse eval --predictions FILE`: CSV with a row per test rating: fold, user, item, rating, each
/// model's prediction, and the item's train + validation count.
class PredictionsFile {
 public:
  PredictionsFile(const std::string& path, const Ratings& ratings, bool csv_safe)
      : file_(path), ratings_(ratings), csv_safe_(csv_safe) {}

  void write_header(const std::vector<Model>& models);
  void write(const TestPrediction& row);
  void commit();

 private:
  ResultFile file_;
  const Ratings& ratings_;
  bool csv_safe_;
  std::string text_;  // of the rows that are not yet handed on
};

}  // namespace balse::cli
