#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

#include "model/blocks/vb/vb_block.hpp"
#include "model/blocks/vb/vb_features.hpp"

namespace balse {

/// A user's prior mean as a sum over the items j that they have rated, n of them: with W_0 the mean
/// of a user without ratings, T the tags and c_j what the item's place in who rates what says,
///     W_0 + ln(1 + n) of_count + besides_count
///         + (sum of T_j user_tags - n usual_tags) / (n + 5) + (sum of c_j) / sqrt(n).
/// It is W' g of VbFeatures::of_users(), but for what those know of a user besides: A V of the
/// implicit SVD where they have U S, which is the same at its convergence.
class VbUserPrior {
 public:
  VbUserPrior(const VbArrays& arrays, const Parameters& parameters, const ModelData& data);

  std::vector<double> mean(std::span<const std::uint32_t> items) const;

 private:
  std::optional<TagMatrixView> tags_;
  std::span<const double> without_ratings_;
  MatrixView rows_;
  MatrixView of_tags_;
  RoughView company_;
};

/// Stores what it needs; `prior` is W of the users, a row for each feature.
void add_user_prior(const VbArrays& arrays, const VbFeatures& features,
                    std::span<const FeatureColumns::Spread> spreads, const MatrixView& prior,
                    Parameters& parameters);

}  // namespace balse
