#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/parameters.hpp"

namespace balse {

/// Variational Bayesian matrix factorisation with a prior mean that is linear in features:
///
///     r_uj = mu + b_u + b_j + u_u . v_j + noise,  noise ~ N(0, 1 / (alpha w_u))
///     x_j = [v_j, b_j] ~ N(W_I' f_j, L_I^-1),     x_u = [u_u, b_u] ~ N(W_U' g_u, L_U^-1)
///
/// with independent Gaussian posteriors of all x (Lim and Teh 2007), point estimates of W, L and
/// the noise, and a weight w_u of each user's ratings. A user or item without ratings keeps its
/// prior.
struct VbProblem {
  const RatingMatrix& ratings;
  double global_mean = 0.0;
  MatrixView item_features;  ///< f: items x D, the first column 1
  MatrixView user_features;  ///< g: users x E, the first column 1
  std::size_t factors = 20;
  int sweeps = 14;  ///< each: items, their prior, users, their prior, noise
  std::uint64_t seed = 0;
  int threads = 0;
  bool with_correlations = true;
};

/// Of the users, or of the items; `dimensions` = factors + 1, the bias comes last.
struct VbSide {
  std::vector<double> mean;              ///< rows x dimensions
  std::vector<double> variance;          ///< rows x dimensions: the posterior's diagonal
  std::vector<double> prior;             ///< W: features x dimensions
  std::vector<double> prior_variance;    ///< dimensions: of L^-1
  std::vector<double> prior_precision;   ///< L: dimensions x dimensions
  std::vector<double> prior_covariance;  ///< L^-1
};

struct VbFit {
  std::size_t dimensions = 0;
  VbSide users;
  VbSide items;
  /// Of every item's posterior, below the diagonal, row after row: items x n (n - 1) / 2;
  /// empty unless asked for.
  std::vector<double> item_correlations;
  std::vector<double> precision;   ///< alpha w_u, by user
  double typical_precision = 1.0;  ///< alpha: of a user never seen
  double train_rmse = 0.0;         ///< of the posterior means
  std::vector<double> trace;       ///< the same after each sweep
};

/// The same bits at any number of threads.
VbFit fit_vb(const VbProblem& problem);

}  // namespace balse
