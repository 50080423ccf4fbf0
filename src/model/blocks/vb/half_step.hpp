#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/rating_matrix.hpp"

#include "model/blocks/vb/vb_moments.hpp"
#include "model/kernels/posterior_kernels.hpp"
#include "model/posterior/user_noise.hpp"

namespace balse {

/// Sums over the ratings of one user or item.
struct VbSums {
  std::vector<double> record;  // of the others' records, weighted
  std::vector<double> right;   // of the right-hand side
};

/// Of the four users or items that are solved at once.
struct VbSumsOfBatch {
  explicit VbSumsOfBatch(std::size_t n) {
    for (VbSums& sums : of_lane) {
      sums = {std::vector<double>(PosteriorKernels::packed_size(n) + n), std::vector<double>(n)};
    }
  }
  VbSums of_lane[PosteriorKernels::kBatch];
};

/// The posterior of a user or an item given those on the other side: what a half step does, row by
/// row.
class VbHalfStep {
 public:
  /// `weights` weigh the ratings of an item by who gave them; of users none. All outlives it.
  VbHalfStep(const RatingRows& rows, const VbMoments& others, double global_mean,
             const UserNoise* weights);

  void collect(std::uint32_t row, VbSums& sums) const;

  /// mean = covariance (pull + scale sums.right)
  void solve(const double* pull, double scale, const double* covariance, VbSums& sums,
             double* mean) const;

  struct Error {
    double of_means = 0.0;  ///< squared, of the posterior means
    double expected = 0.0;  ///< squared, of the posteriors
  };
  /// Of a user's ratings, after solve().
  Error error_of(std::uint32_t user, const double* mean, const double* covariance,
                 VbSums& sums) const;

 private:
  const RatingRows& rows_;
  const VbMoments& others_;
  double global_mean_;
  const UserNoise* weights_;
  const PosteriorKernels& kernels_;
};

}  // namespace balse
