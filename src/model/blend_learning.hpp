#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/model/block_kind.hpp"
#include "balse/model/predictors.hpp"
#include "balse/model/rating_means.hpp"

namespace balse {

/// The blends of one training while they learn what their parts are worth.
class BlendLearning {
 public:
  /// Of the blends that `models` has and, where they need tags, can be had.
  BlendLearning(const std::vector<Model>& models, bool with_tags, const BlockOptions& options,
                BlockSummaries& summaries);

  bool empty() const { return blends_.empty(); }
  /// Whether one of them would learn about new items from items held out whole.
  bool tells_new_items() const;
  /// Whether one of them learns from what this block predicts of ratings that were held out so.
  bool needs(const BlockKind& kind, HeldOut how) const;
  /// Whether one of them predicts by this block, having learned what it has.
  bool predicts_by(const BlockKind& kind) const;

  /// Shows `rows`, held out as `how` says, to every blend all of whose parts that learn from such
  /// are there; `means` are those of what the blocks were fitted on.
  void learn(HeldOut how, const Predictors& predictors, const RatingMeans& means,
             const Ratings& ratings, const std::vector<std::uint32_t>& rows, int threads);

  /// `counts` are those that the blends see when they predict.
  void finish(const KnownCounts& counts, FittedParameters& parameters);

 private:
  struct Learning {
    const BlendKind* kind;
    std::unique_ptr<BlendFit> fit;
    bool knows[2] = {};  ///< by HeldOut: whether it was shown such
  };

  /// As what a blend takes ratings that were held out so: one without parts for new items knows no
  /// difference.
  static HeldOut taken_as(const BlendKind& kind, HeldOut how);
  bool is_part(const Learning& blend, const BlockKind& kind, HeldOut how) const;
  bool can_learn(const BlendKind& kind, HeldOut how, const Predictors& predictors) const;

  bool with_tags_;
  std::vector<Learning> blends_;
};

}  // namespace balse
