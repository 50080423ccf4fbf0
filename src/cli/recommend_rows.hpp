#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "balse/serving/recommend.hpp"

namespace balse::cli {

/// What `recommend` writes: rows, or an object a line.
class RecommendRows {
 public:
  enum class Format { csv, tsv, jsonl };

  /// With predictors, which must outlive it, rows end with the sentence of explain.
  RecommendRows(const TrainedModel& model, Format format, bool csv_safe,
                const Predictors* predictors = nullptr)
      : model_(model), format_(format), csv_safe_(csv_safe), predictors_(predictors) {}

  /// Empty where the format has none.
  std::string header() const;
  /// Of one user, best first.
  std::string text_of(const std::string& user,
                      const std::vector<Recommendation>& recommendations) const;
  /// A row; the rank begins with 1, the user need not be one of the model's.
  std::string row(std::string_view user, std::size_t rank,
                  const Recommendation& recommendation) const;

 private:
  std::string text_row(std::string_view user, std::size_t rank,
                       const Recommendation& recommendation) const;
  std::string json_row(std::string_view user, std::size_t rank,
                       const Recommendation& recommendation) const;
  std::string sentence_of(const Recommendation& recommendation) const;

  const TrainedModel& model_;
  Format format_;
  bool csv_safe_;
  const Predictors* predictors_;
};

}  // namespace balse::cli
