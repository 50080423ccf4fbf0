#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/data/rating_matrix.hpp"

namespace balse {

/// Counts and means of a training set: what centring, baselines, fallbacks and the gate are made
/// of.
struct RatingMeans {
  double global = 0.0;  ///< 0 for an empty training set
  float lowest = 0.0F;  ///< of all training ratings
  float highest = 0.0F;
  std::vector<double> user;  ///< the global mean for users without ratings
  std::vector<double> item;  ///< the global mean for items without ratings
  std::vector<std::uint32_t> user_count;
  std::vector<std::uint32_t> item_count;  ///< R_j of the paper's section IV.D
};

RatingMeans compute_rating_means(const RatingMatrix& ratings);

}  // namespace balse
