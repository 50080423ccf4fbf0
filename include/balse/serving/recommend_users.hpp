#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "balse/model/trained_model.hpp"
#include "balse/serving/recommend.hpp"

namespace balse {

struct RecommendUsersOptions : RankingOptions {
  std::optional<std::vector<std::uint32_t>> users;  ///< only these; otherwise all of the model
  int threads = 0;  ///< 0: all processors; the same bits at any number
};

/// The users who will like an item best, and have not rated it: what is asked on the day it is
/// announced. Ranked by the lower bound where nothing was chosen; the formulas stand in
/// docs/recommendations.md. `model` and `options` must outlive it.
class UserRecommender {
 public:
  UserRecommender(const TrainedModel& model, const RecommendUsersOptions& options);

  /// Best first; of equal scores the user whose id is first in byte order.
  std::vector<Recommendation> recommend(std::uint32_t item) const;

  const Predictors& predictors() const { return predictors_; }

 private:
  struct Score {
    double shown;
    double rank;
  };

  bool has_rated(std::uint32_t user, std::uint32_t item) const;
  Score score_of(std::uint32_t user, std::uint32_t item, RankBy by) const;

  const TrainedModel& model_;
  const RecommendUsersOptions& options_;
  Predictors predictors_;
  std::vector<std::uint32_t> users_;  // ascending, each once
};

}  // namespace balse
