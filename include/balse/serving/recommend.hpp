#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "balse/explanation/reasons.hpp"
#include "balse/model/trained_model.hpp"

namespace balse {

/// Which items may be recommended, by their number of ratings in the model.
enum class Candidates {
  all,
  little_known,  ///< fewer than RecommendOptions::fewer_than
  cold           ///< none
};

struct RecommendOptions {
  std::size_t count = 10;  ///< recommendations a user, at most
  Candidates only = Candidates::all;
  std::uint32_t fewer_than = 3;                     ///< paper, section V.C
  std::optional<std::vector<std::uint32_t>> items;  ///< only these
  std::optional<double> min_score;
  std::size_t reasons = 3;  ///< tags a recommendation, at most
};

struct Recommendation {
  std::uint32_t item = 0;
  double score = 0.0;  ///< the prediction
  Fallback fallback = Fallback::none;
  std::vector<Contribution> reasons;  ///< the tags that speak most for it
};

/// The best items that a user has not rated. One object serves many threads; `model` must outlive
/// it.
class Recommender {
 public:
  Recommender(const TrainedModel& model, const RecommendOptions& options);

  /// Best first; of equal scores the item whose id is first in byte order.
  std::vector<Recommendation> recommend(std::uint32_t user, PredictionScratch& scratch) const;

 private:
  const TrainedModel& model_;
  const RecommendOptions& options_;
  Predictors predictors_;
  Model best_;
  const Block* block_;
  std::vector<std::uint32_t> candidates_;  // ascending
};

}  // namespace balse
