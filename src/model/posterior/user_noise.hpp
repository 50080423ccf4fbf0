#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/rating_matrix.hpp"

namespace balse {

/// As often are users who are folded into a fitted model given a posterior, and a weight of their
/// ratings by that, from weight 1 on. The weight moves little after the second.
inline constexpr int kFoldInRounds = 4;

/// The noise of every user's ratings, N(0, 1 / (alpha w_u)): some people rate with more care, or
/// less like everybody, than others. Point estimates; w_u is drawn towards 1 as if every user had
/// given five average ratings more.
class UserNoise {
 public:
  UserNoise(const RatingRows& by_user, double alpha)
      : by_user_(by_user), alpha_(alpha), weight_(by_user.rows(), 1.0) {}

  double alpha() const { return alpha_; }
  double weight(std::uint32_t user) const { return weight_[user]; }
  double precision(std::uint32_t user) const { return alpha_ * weight_[user]; }

  /// `errors` are the expected squared errors of all of a user's ratings.
  void learn(std::span<const double> errors);
  /// The same, but alpha stays as it is.
  void learn_weights(std::span<const double> errors);

 private:
  const RatingRows& by_user_;
  double alpha_;
  std::vector<double> weight_;
};

}  // namespace balse
