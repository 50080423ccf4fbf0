#include "serving/rank_parts.hpp"

#include <utility>

namespace balse {

Recommendation recommendation_of(const RankedPair& pair, const Predictors& predictors,
                                 std::size_t reasons) {
  Recommendation recommendation{
      .user = pair.user,
      .item = pair.item,
      .score = pair.shown,
      .rank_score = pair.rank,
      .rank_by = pair.by,
      .fallback = predictors.find(predictors.best())->fallback(pair.user, pair.item),
      .reasons = contributions_of(predictors, pair.user, pair.item)};
  std::size_t kept = 0;
  while (kept < std::min(reasons, recommendation.reasons.size()) &&
         recommendation.reasons[kept].value > 0.0) {
    ++kept;
  }
  recommendation.reasons.resize(kept);
  return recommendation;
}

}  // namespace balse
