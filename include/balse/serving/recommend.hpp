#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "balse/explanation/reasons.hpp"
#include "balse/model/trained_model.hpp"

namespace balse {

/// Which items may be recommended, by their number of ratings in the model.
enum class Candidates {
  all,
  known,         ///< at least RecommendOptions::fewer_than
  little_known,  ///< fewer
  cold           ///< none
};

/// What the best item is; the formulas stand in docs/recommendations.md.
enum class RankBy {
  relevance,    ///< what the user will rate, and somewhat how well; needs Neighbours
  lower_bound,  ///< what is surely rated well: the prediction less what may be wrong with it
  mean,         ///< the prediction
  damped_mean,  ///< of users without ratings: the item's mean, shrunk towards the mean of all
  popular,      ///< of users without ratings: the number of ratings
};
std::string_view name_of(RankBy order);

/// What an item must and must not have to be a candidate. Tags count from a weight on.
struct CandidateOptions {
  Candidates only = Candidates::all;
  std::uint32_t fewer_than = 3;  ///< paper, section V.C
  std::uint32_t min_ratings = 0;
  std::optional<std::vector<std::uint32_t>> items;  ///< only these
  std::vector<std::uint32_t> excluded_items;
  std::vector<std::uint32_t> excluded_tags;  ///< none of these
  std::vector<std::uint32_t> required_tags;  ///< all of these
  double tag_weight = 0.25;
};

/// What the best of a list is, of items for a user or of users for an item.
struct RankingOptions {
  std::size_t count = 10;  ///< recommendations a list, at most
  /// Relevance, lower_bound or mean; without a choice what suits the model and the list.
  std::optional<RankBy> rank_by;
  double lower_bound_k = 1.0;  ///< standard deviations that are subtracted
  std::optional<double> min_score;
  std::size_t reasons = 3;  ///< tags a recommendation, at most
};

struct RecommendOptions : CandidateOptions, RankingOptions {
  bool popular = false;  ///< what users without ratings get: what is rated most
};

struct Recommendation {
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  double score = 0.0;       ///< the prediction, within the range of the training ratings
  double rank_score = 0.0;  ///< what it was ranked by
  RankBy rank_by = RankBy::mean;
  Fallback fallback = Fallback::none;
  std::vector<Contribution> reasons;  ///< the tags that speak most for it
};

/// Whether the model knows neighbours of any item.
bool has_neighbours(const TrainedModel& model);

/// Whether all candidates are little known or cold: neither neighbours nor counts say anything of
/// them, so that predictions rank them, whoever asks.
bool ranks_by_content(const CandidateOptions& options);

/// Of such items the prediction. Otherwise relevance, where the model has neighbours, or else the
/// lower bound.
RankBy default_order(const TrainedModel& model, const RecommendOptions& options);

/// The items, ascending, that `options` allow.
std::vector<std::uint32_t> candidates_of(const TrainedModel& model,
                                         const CandidateOptions& options);

/// Memory that recommend() works in, one for each thread.
struct RecommendScratch {
  PredictionScratch prediction;
  std::vector<std::uint8_t> rated;  ///< by item; all zero between calls
};

/// The best items that a user has not rated. One object serves many threads; `model` must outlive
/// it.
class Recommender {
 public:
  Recommender(const TrainedModel& model, const RecommendOptions& options);

  /// Of users with ratings.
  RankBy rank_by() const { return rank_by_; }

  /// Best first; of equal scores the item whose id is first in byte order.
  std::vector<Recommendation> recommend(std::uint32_t user, RecommendScratch& scratch) const;

 private:
  struct Scores {
    RankBy by;
    std::vector<double> rank;
    std::vector<double> shown;
    std::vector<bool> last;  ///< whether all others come before; empty: none do
  };

  Scores scores_of(std::uint32_t user, std::span<const std::uint32_t> items,
                   RecommendScratch& scratch) const;
  void score_newcomer(std::span<const std::uint32_t> items, Scores& scores) const;
  double middle_of(std::uint32_t user) const;
  std::vector<double> damped_predictions(std::uint32_t user, std::span<const std::uint32_t> items,
                                         std::span<const double> predictions) const;
  void score_lower_bound(std::uint32_t user, std::span<const std::uint32_t> items,
                         Scores& scores) const;
  void score_relevance(std::uint32_t user, std::span<const std::uint32_t> items,
                       RecommendScratch& scratch, Scores& scores) const;

  const TrainedModel& model_;
  const RecommendOptions& options_;
  Predictors predictors_;
  Model best_;
  const Block* block_;
  RankBy rank_by_;
  std::vector<std::uint32_t> candidates_;  // ascending
};

}  // namespace balse
