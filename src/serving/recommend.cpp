#include "balse/serving/recommend.hpp"

#include <algorithm>
#include <iterator>

namespace balse {

Recommender::Recommender(const TrainedModel& model, const RecommendOptions& options)
    : model_(model),
      options_(options),
      predictors_(model.predictors()),
      best_(predictors_.best()),
      block_(predictors_.find(best_)) {
  const auto wanted = [&](std::uint32_t item) {
    const std::uint32_t count = model.count_of_item(item);
    return options.only == Candidates::all || (options.only == Candidates::cold && count == 0) ||
           (options.only == Candidates::little_known && count < options.fewer_than);
  };
  if (options.items) {
    std::copy_if(options.items->begin(), options.items->end(), std::back_inserter(candidates_),
                 wanted);
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
  } else {
    for (std::uint32_t item = 0; item < model.items.size(); ++item) {
      if (wanted(item)) {
        candidates_.push_back(item);
      }
    }
  }
}

std::vector<Recommendation> Recommender::recommend(std::uint32_t user,
                                                   PredictionScratch& scratch) const {
  std::vector<std::uint32_t> items;
  const auto rated = model_.rated_by(user);
  std::set_difference(candidates_.begin(), candidates_.end(), rated.begin(), rated.end(),
                      std::back_inserter(items));
  std::vector<double> scores(items.size());
  predictors_.find_unclipped(best_)->predict_items(user, items, scores, scratch);
  // Ranked by what is not cut to a range, so that what lies beyond its end is no tie; shown cut.
  const Clipping& clipping = predictors_.clipping();
  const auto shown = [&](double score) {
    return clipping.applies_to(best_) ? std::clamp(score, clipping.range.low, clipping.range.high)
                                      : score;
  };
  std::vector<std::uint32_t> order;  // positions in items
  for (std::uint32_t k = 0; k < items.size(); ++k) {
    if (!options_.min_score || shown(scores[k]) >= *options_.min_score) {
      order.push_back(k);
    }
  }
  const auto count = static_cast<std::ptrdiff_t>(std::min(options_.count, order.size()));
  std::partial_sort(order.begin(), order.begin() + count, order.end(),
                    [&](std::uint32_t left, std::uint32_t right) {
                      return scores[left] != scores[right]
                                 ? scores[left] > scores[right]
                                 : model_.items[items[left]] < model_.items[items[right]];
                    });
  order.resize(static_cast<std::size_t>(count));
  std::vector<Recommendation> result;
  for (const std::uint32_t k : order) {
    Recommendation recommendation{.item = items[k],
                                  .score = shown(scores[k]),
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
