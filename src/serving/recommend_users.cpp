#include "balse/serving/recommend_users.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <numeric>

#include "balse/support/parallel.hpp"

#include "serving/rank_parts.hpp"

namespace balse {
namespace {

constexpr std::size_t kUsersARange = 512;

}  // namespace

UserRecommender::UserRecommender(const TrainedModel& model, const RecommendUsersOptions& options)
    : model_(model), options_(options), predictors_(model.predictors()) {
  if (options.users) {
    users_ = *options.users;
    std::sort(users_.begin(), users_.end());
    users_.erase(std::unique(users_.begin(), users_.end()), users_.end());
  } else {
    users_.resize(model.users.size());
    std::iota(users_.begin(), users_.end(), 0U);
  }
}

bool UserRecommender::has_rated(std::uint32_t user, std::uint32_t item) const {
  const auto rated = model_.rated_by(user);
  return std::binary_search(rated.begin(), rated.end(), item);
}

UserRecommender::Score UserRecommender::score_of(std::uint32_t user, std::uint32_t item,
                                                 RankBy by) const {
  const RatingMeansView& means = model_.data.means;
  const double unclipped = predictors_.find_unclipped(predictors_.best())->predict(user, item);
  Score score{.shown = ShownScore(predictors_, means)(unclipped), .rank = unclipped};
  if (by == RankBy::mean) {
    return score;
  }
  // Of users of whom little is known that little is believed.
  const auto count = static_cast<double>(model_.rated_by(user).size());
  score.rank = damped(score.shown, means.global, count, kUserDamping);
  if (by == RankBy::lower_bound) {
    const double deviation = predictors_.find(predictors_.best())->deviation(user, item);
    score.rank -= std::isnan(deviation) ? 0.0 : options_.lower_bound_k * deviation;
    return score;
  }
  // Not above the user's own mean: who will like it best is asked, not whom it suits best.
  score.rank = worth_of_point(means) * (score.rank - means.global);
  const SparseView neighbours = model_.neighbours.sparse(Neighbours::kWeights);
  if (item < neighbours.rows()) {
    const auto index = neighbours.indices_of(item);
    const auto weight = neighbours.values_of(item);
    for (std::size_t k = 0; k < index.size(); ++k) {
      score.rank += has_rated(user, index[k]) ? weight[k] : 0.0;
    }
  }
  return score;
}

std::vector<Recommendation> UserRecommender::recommend(std::uint32_t item) const {
  const RankBy by = options_.rank_by.value_or(RankBy::lower_bound);
  std::vector<Score> scores(users_.size());
  std::vector<std::uint8_t> wanted(users_.size());
  parallel_ranges(users_.size(), kUsersARange, resolve_threads(options_.threads),
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t k = begin; k < end; ++k) {
                      if (!has_rated(users_[k], item)) {
                        scores[k] = score_of(users_[k], item, by);
                        wanted[k] = !options_.min_score || scores[k].shown >= *options_.min_score;
                      }
                    }
                  });
  std::vector<std::uint32_t> order;  // positions in users_
  for (std::uint32_t k = 0; k < users_.size(); ++k) {
    if (wanted[k] != 0) {
      order.push_back(k);
    }
  }
  keep_best(
      order, options_.count, [&](std::uint32_t k) { return scores[k].rank; },
      [&](std::uint32_t k) { return model_.users[users_[k]]; });
  std::vector<Recommendation> result;
  result.reserve(order.size());
  for (const std::uint32_t k : order) {
    result.push_back(recommendation_of({.by = by,
                                        .shown = scores[k].shown,
                                        .rank = scores[k].rank,
                                        .user = users_[k],
                                        .item = item},
                                       predictors_, options_.reasons));
  }
  return result;
}

}  // namespace balse
