#include "balse/serving/recommend.hpp"

#include <algorithm>
#include <iterator>

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
  const auto count = static_cast<std::ptrdiff_t>(std::min(options_.count, order.size()));
  std::partial_sort(order.begin(), order.begin() + count, order.end(),
                    [&](std::uint32_t left, std::uint32_t right) {
                      return scores.rank[left] != scores.rank[right]
                                 ? scores.rank[left] > scores.rank[right]
                                 : model_.items[items[left]] < model_.items[items[right]];
                    });
  order.resize(static_cast<std::size_t>(count));
  std::vector<Recommendation> result;
  for (const std::uint32_t k : order) {
    Recommendation recommendation{.item = items[k],
                                  .score = scores.shown[k],
                                  .rank_score = scores.rank[k],
                                  .rank_by = scores.by,
                                  .fallback = block_->fallback(user, items[k]),
                                  .reasons = contributions_of(predictors_, user, items[k])};
    std::size_t reasons = 0;
    while (reasons < std::min(options_.reasons, recommendation.reasons.size()) &&
           recommendation.reasons[reasons].value > 0.0) {
      ++reasons;
    }
    recommendation.reasons.resize(reasons);
    result.push_back(std::move(recommendation));
  }
  return result;
}

}  // namespace balse
