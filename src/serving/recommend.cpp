#include "balse/serving/recommend.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "serving/rank_parts.hpp"

namespace balse {

Recommender::Recommender(const TrainedModel& model, const RecommendOptions& options)
    : model_(model),
      options_(options),
      predictors_(model.predictors()),
      best_(predictors_.best()),
      block_(predictors_.find(best_)),
      rank_by_(options.rank_by.value_or(default_order(model, options))),
      candidates_(candidates_of(model, options)) {}

std::vector<Recommendation> Recommender::recommend(std::uint32_t user,
                                                   RecommendScratch& scratch) const {
  std::vector<std::uint32_t> items;
  const auto rated = model_.rated_by(user);
  std::set_difference(candidates_.begin(), candidates_.end(), rated.begin(), rated.end(),
                      std::back_inserter(items));
  const Scores scores = scores_of(user, items, scratch);
  std::vector<std::uint32_t> order;  // positions in items
  for (std::uint32_t k = 0; k < items.size(); ++k) {
    if (!options_.min_score || scores.shown[k] >= *options_.min_score) {
      order.push_back(k);
    }
  }
  keep_best(
      order, options_.count,
      [&](std::uint32_t k) {
        return std::pair(scores.last.empty() || !scores.last[k], scores.rank[k]);
      },
      [&](std::uint32_t k) { return model_.items[items[k]]; });
  std::vector<Recommendation> result;
  result.reserve(order.size());
  for (const std::uint32_t k : order) {
    result.push_back(recommendation_of({.by = scores.by,
                                        .shown = scores.shown[k],
                                        .rank = scores.rank[k],
                                        .user = user,
                                        .item = items[k]},
                                       predictors_, options_.reasons));
  }
  return result;
}

}  // namespace balse
