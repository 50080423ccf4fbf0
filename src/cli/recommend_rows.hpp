#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "balse/serving/recommend.hpp"

namespace balse::cli {

/// What `recommend` writes: rows, or an object a line.
class RecommendRows {
 public:
  enum class Format { csv, tsv, jsonl };

  RecommendRows(const TrainedModel& model, Format format, bool csv_safe)
      : model_(model), format_(format), csv_safe_(csv_safe) {}

  /// Empty where the format has none.
  std::string header() const;
  /// Of one user, best first.
  std::string text_of(const std::string& user,
                      const std::vector<Recommendation>& recommendations) const;

 private:
  std::string row(const std::string& user, std::size_t rank,
                  const Recommendation& recommendation) const;
  std::string json_row(const std::string& user, std::size_t rank,
                       const Recommendation& recommendation) const;

  const TrainedModel& model_;
  Format format_;
  bool csv_safe_;
};

}  // namespace balse::cli
