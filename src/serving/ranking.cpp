#include <algorithm>
#include <cmath>

#include "balse/serving/recommend.hpp"

#include "serving/rank_parts.hpp"

namespace balse {

std::string_view name_of(RankBy order) {
  switch (order) {
    case RankBy::relevance:
      return "relevance";
    case RankBy::lower_bound:
      return "lower-bound";
    case RankBy::damped_mean:
      return "damped-mean";
    case RankBy::popular:
      return "popular";
    case RankBy::mean:
      break;
  }
  return "mean";
}

bool has_neighbours(const TrainedModel& model) {
  return !model.neighbours.sparse(Neighbours::kWeights).index.empty();
}

bool ranks_by_content(const CandidateOptions& options) {
  return options.only == Candidates::cold || options.only == Candidates::little_known;
}

RankBy default_order(const TrainedModel& model, const RecommendOptions& options) {
  if (ranks_by_content(options)) {
    return RankBy::mean;
  }
  return has_neighbours(model) ? RankBy::relevance : RankBy::lower_bound;
}

Recommender::Scores Recommender::scores_of(std::uint32_t user, std::span<const std::uint32_t> items,
                                           RecommendScratch& scratch) const {
  Scores scores{.by = rank_by_, .rank = std::vector<double>(items.size()), .shown = {}};
  predictors_.find_unclipped(best_)->predict_items(user, items, scores.rank, scratch.prediction);
  const ShownScore shown(predictors_, model_.data.means);
  scores.shown.resize(items.size());
  std::transform(scores.rank.begin(), scores.rank.end(), scores.shown.begin(), shown);
  const bool featured = model_.has_features_of(user);
  if (model_.rated_by(user).empty() && !ranks_by_content(options_) && !featured) {
    score_newcomer(items, scores);
  } else if (rank_by_ == RankBy::lower_bound || (rank_by_ == RankBy::relevance && featured)) {
    scores.by = RankBy::lower_bound;  // nothing that they have rated has neighbours
    score_lower_bound(user, items, scores);
  } else if (rank_by_ == RankBy::relevance) {
    score_relevance(user, items, scratch, scores);
  }
  // Otherwise by what is not cut to a range, so that what lies beyond its end is no tie.
  return scores;
}

/// Of a user of whom nothing is known: an item's mean, but not by two ratings.
void Recommender::score_newcomer(std::span<const std::uint32_t> items, Scores& scores) const {
  const RatingMeansView& means = model_.data.means;
  scores.by = options_.popular ? RankBy::popular : RankBy::damped_mean;
  for (std::size_t k = 0; k < items.size(); ++k) {
    const std::uint32_t count = model_.count_of_item(items[k]);
    scores.shown[k] = damped(means.mean_of_item(items[k]), means.global, count, kItemDamping);
    scores.rank[k] = options_.popular ? count : scores.shown[k];
  }
}

/// What says nothing for or against an item: what this user gives, or anybody, if that is less.
/// Otherwise all that is unknown would please who rates nothing but the best.
double Recommender::middle_of(std::uint32_t user) const {
  const RatingMeansView& means = model_.data.means;
  return std::min(means.mean_of_user(user), means.global);
}

/// What a prediction comes to where few have rated the item.
std::vector<double> Recommender::damped_predictions(std::uint32_t user,
                                                    std::span<const std::uint32_t> items,
                                                    std::span<const double> predictions) const {
  const double towards = middle_of(user);
  std::vector<double> values(items.size());
  for (std::size_t k = 0; k < items.size(); ++k) {
    values[k] = damped(predictions[k], towards, model_.count_of_item(items[k]), kItemDamping);
  }
  return values;
}

void Recommender::score_lower_bound(std::uint32_t user, std::span<const std::uint32_t> items,
                                    Scores& scores) const {
  scores.rank = damped_predictions(user, items, scores.shown);
  for (std::size_t k = 0; k < items.size(); ++k) {
    const double deviation = block_->deviation(user, items[k]);
    if (!std::isnan(deviation)) {
      scores.rank[k] -= options_.lower_bound_k * deviation;
    }
  }
}

void Recommender::score_relevance(std::uint32_t user, std::span<const std::uint32_t> items,
                                  RecommendScratch& scratch, Scores& scores) const {
  const SparseView neighbours = model_.neighbours.sparse(Neighbours::kWeights);
  const RatingMeansView& means = model_.data.means;
  const double worth = worth_of_point(means);
  scores.rank = damped_predictions(user, items, scores.shown);
  scratch.rated.resize(model_.items.size());
  for (const std::uint32_t item : model_.rated_by(user)) {
    scratch.rated[item] = 1;
  }
  for (std::size_t k = 0; k < items.size(); ++k) {
    double sum = worth * (scores.rank[k] - means.mean_of_user(user));
    if (items[k] < neighbours.rows()) {
      const auto index = neighbours.indices_of(items[k]);
      const auto weight = neighbours.values_of(items[k]);
      for (std::size_t n = 0; n < index.size(); ++n) {
        sum += scratch.rated[index[n]] != 0 ? weight[n] : 0.0;
      }
    }
    scores.rank[k] = sum;
  }
  for (const std::uint32_t item : model_.rated_by(user)) {
    scratch.rated[item] = 0;
  }
  // People watch the second season of what they did not like; nobody should tell them to.
  scores.last.resize(items.size());
  std::transform(scores.shown.begin(), scores.shown.end(), scores.last.begin(),
                 [m = middle_of(user)](double shown) { return shown < m; });
}

}  // namespace balse
