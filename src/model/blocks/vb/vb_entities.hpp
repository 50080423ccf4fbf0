#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/parameters.hpp"
#include "balse/support/random.hpp"

#include "model/blocks/vb/vb.hpp"
#include "model/blocks/vb/vb_moments.hpp"
#include "model/posterior/posteriors.hpp"

namespace balse {

/// The users, or the items, of variational Bayes: their posteriors, what the other side needs of
/// them, and their prior.
class VbEntities {
 public:
  using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  /// `rows` and `features` must outlive it.
  VbEntities(const RatingRows& rows, const MatrixView& features, std::size_t dimensions,
             int threads);

  /// Random factors, no biases.
  void start(Random& random);

  const RatingRows& rows() const { return rows_; }
  /// Those that have ratings.
  const std::vector<std::uint32_t>& seen() const { return seen_; }
  std::size_t dimensions() const { return n_; }

  /// The posteriors.
  VbMoments& moments() { return moments_; }
  const VbMoments& moments() const { return moments_; }

  /// L, packed.
  std::vector<double> prior_precision() const;
  /// L W' f of every row: what the prior adds to the right-hand side.
  RowMatrix prior_pull() const;

  /// Of the posterior whose mean stands in moments().mean(r); packed.
  void set_covariance(std::size_t r, const double* covariance);

  /// W, L and the ridge of W, one step of each; `covariances` is the packed sum of the posteriors'.
  void learn_prior(const std::vector<double>& covariances);

  /// Those without ratings are what their features say; returns all that is known.
  VbSide settled();
  /// Correlations of every row's numbers, below the diagonal, row after row.
  std::vector<double> correlations() const;

 private:
  /// F' x, over the rows that have ratings.
  RowMatrix features_times_means() const;
  /// prior_mean_ = F W
  void predict_means();

  const RatingRows& rows_;
  int threads_;
  const PosteriorKernels& kernels_;
  Eigen::Map<const RowMatrix> features_;
  std::size_t n_;
  std::vector<std::uint32_t> seen_;
  Eigen::MatrixXd gram_;  // F'F, over seen_
  double ridge_ = 1.0;
  VbMoments moments_;
  std::vector<double> variance_;    // rows x n
  std::vector<double> prior_mean_;  // rows x n: W' f
  RowMatrix weights_;               // W
  Eigen::MatrixXd precision_;       // L
  Eigen::MatrixXd covariance_;      // its inverse
};

}  // namespace balse
