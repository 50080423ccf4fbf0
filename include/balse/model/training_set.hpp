#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/derived_features.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/rating_means.hpp"

namespace balse {

/// What blocks are fitted on. It grows by fields, so that a block which needs more changes no other
/// one.
struct TrainingSet {
  const RatingMatrix& ratings;
  const RatingMeans& means;                  ///< of `ratings`
  const TagMatrix* tags = nullptr;           ///< a row for every item; null where there are none
  const TagMatrix* user_features = nullptr;  ///< a row for every user; null where there are none
  const FeatureMatrix* item_features = nullptr;  ///< a row for every item; null where none are
  int threads = 0;  ///< 0: all processors; results are the same bits at any count
  /// Whether blends are learned from what the fitted blocks predict for the validation ratings.
  /// Yesterday's model has seen those, so a fit whose result depends on its start takes none.
  bool for_validation = false;
  /// Whether nothing but predictions is asked of the fitted blocks: what taking in users and the
  /// shares of ratings take besides may be left out.
  bool for_predictions_alone = false;
  /// Computed by the first block that asks.
  mutable DerivedFeatures derived = {};
};

/// What blocks predict for a user without training ratings.
enum class UnseenUsers : std::uint8_t {
  item_mean,  ///< the item's mean, or the global mean where the item has no ratings either
  zero,       ///< what the authors' code does: LASSO 0, ALS its offset plus what its factors give
};

inline constexpr std::array<std::string_view, 2> kUnseenUsersWords = {"item-mean", "zero"};

/// What blocks predict with besides their own parameters. The memory is that of the training, or of
/// a mapped model file, and outlives the blocks.
struct ModelData {
  RatingMeansView means;
  std::optional<TagMatrixView> tags;  ///< those of items that came after the fit included
  UnseenUsers unseen_users = UnseenUsers::item_mean;
  /// Features of users without ratings: of those that came after the fit, or were left out of it.
  /// Those of the others are part of what was learned of them.
  std::optional<TagMatrixView> user_features = {};
  /// Principal components of items' features: rows of zeros for items without any; none for items
  /// that came after the fit, which are the same. Empty where there are no features.
  MatrixView item_features = {};
};

/// Users who are folded into fitted blocks: everything of items stays as it is, and each user gets
/// what a half step of the fit would give them, solved for their ratings.
struct FoldInSet {
  const RatingRows& by_user;  ///< a row for each of them, with ratings; indices are items of the
                              ///< model, also such as have no row in what was fitted
  std::span<const std::uint32_t> rated;  ///< the items that they name, ascending
  const RatingRows& by_rated;            ///< by_user, but indices are into `rated`
  const RatingMeans& means;              ///< of these rows; `global` is the model's
  const ModelData& data;                 ///< the model's
  std::size_t items = 0;                 ///< of the model: those that by_user may name
  int threads = 0;  ///< 0: all processors; results are the same bits at any count
};

/// One figure of what fitting found, or of what a fitted block is, for reports.
struct Figure {
  std::string_view name;  ///< "train_rmse": the key in JSON
  double value = 0.0;
  bool whole = false;             ///< a number of things
  std::vector<double> list = {};  ///< instead of `value`, where it is not empty; for JSON alone
};

/// Of a block that has no options.
struct NoOptions {
  template <typename Visitor>
  void visit(Visitor& /*visitor*/) {}
};

/// Of a block of whose fit there is nothing to say.
struct NoSummary {
  double seconds = 0.0;

  std::vector<Figure> figures() const { return {}; }
  std::string sentence() const { return {}; }
  std::string warning() const { return {}; }

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("seconds", seconds);
  }
};

}  // namespace balse
