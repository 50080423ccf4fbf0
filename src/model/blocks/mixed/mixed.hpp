#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/parameters.hpp"

namespace balse {

/// Mixed-effects regression: every user has a linear model of the items' features, and the users'
/// coefficients are draws from one normal distribution,
///
///     y_uj = w_u . z_j + noise,  w_u ~ N(m, L^-1),  noise ~ N(0, 1 / (alpha v_u)),
///
/// so that a user with few ratings leans on what is usual, and a user with many on their own.
/// Expectation maximisation (Laird and Ware 1982) over m, L and the noise; v_u weighs each user's
/// ratings.
struct MixedProblem {
  const RatingRows& by_user;
  MatrixView features;    ///< z: items x D, the first column 1, the others standardised
  double constant = 0.0;  ///< y = r - constant - user_offset - item_offset
  std::span<const double> user_offset;  ///< by user; may be empty
  std::span<const double> item_offset;  ///< by item; may be empty
  /// Of the coefficients, intercept apart, before the first sweep. It matters: expectation
  /// maximisation is stopped long before it forgets where it began.
  double start_precision = 20.0;
  int sweeps = 5;
  int threads = 0;
};

/// What users' coefficients are drawn from, and the noise.
struct MixedPrior {
  std::vector<double> usual;      ///< m: D
  std::vector<double> precision;  ///< L: D x D
  double alpha = 1.0;
};

struct MixedFit {
  std::vector<double> weights;  ///< w: users x D; m for a user without ratings
  MixedPrior prior;
  double train_rmse = 0.0;
};

/// The same bits at any number of threads.
MixedFit fit_mixed(const MixedProblem& problem);

/// w of users who came after a fit, given what that learned: their posteriors, and their v_u by
/// these, kFoldInRounds times, from v_u = 1 on. users x D.
std::vector<double> fold_mixed(const MixedProblem& problem, const MixedPrior& prior);

}  // namespace balse
