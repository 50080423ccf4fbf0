#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
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

/// The same, wherever it lies. Users and items beyond the last entry are unseen: count 0, and the
/// global mean.
struct RatingMeansView {
  double global = 0.0;
  double lowest = 0.0;
  double highest = 0.0;
  std::span<const double> user;
  std::span<const double> item;
  std::span<const std::uint32_t> user_count;
  std::span<const std::uint32_t> item_count;

  RatingMeansView() = default;
  RatingMeansView(const RatingMeans& means)  // NOLINT(google-explicit-constructor): it is one
      : global(means.global),
        lowest(means.lowest),
        highest(means.highest),
        user(means.user),
        item(means.item),
        user_count(means.user_count),
        item_count(means.item_count) {}

  double mean_of_user(std::uint32_t u) const { return u < user.size() ? user[u] : global; }
  double mean_of_item(std::uint32_t j) const { return j < item.size() ? item[j] : global; }
  bool unseen_user(std::uint32_t u) const { return u >= user_count.size() || user_count[u] == 0; }
  bool unseen_item(std::uint32_t j) const { return j >= item_count.size() || item_count[j] == 0; }
};

RatingMeans compute_rating_means(const RatingMatrix& ratings);

}  // namespace balse
