#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include <Eigen/Core>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/parameters.hpp"
#include "balse/support/random.hpp"

#include "model/blocks/vb/vb.hpp"
#include "model/posterior/posteriors.hpp"

namespace balse {

/// The users, or the items, of variational Bayes: their posteriors, what the other side needs of
/// them, and their prior.
class VbEntities {
 public:
  using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

  /// `rows` and `features` must outlive it.
  VbEntities(const RatingRows& rows, const MatrixView& features, std::size_t dimensions);

  /// Random factors, no biases.
  void start(Random& random);

  const RatingRows& rows() const { return rows_; }
  /// Those that have ratings.
  const std::vector<std::uint32_t>& seen() const { return seen_; }
  std::size_t dimensions() const { return n_; }

  /// [factors, bias] of row r, the posterior's mean.
  double* mean(std::size_t r) { return mean_.data() + r * n_; }
  const double* mean(std::size_t r) const { return mean_.data() + r * n_; }
  /// Packed: the expectation of [factors; 1] [factors; 1]'.
  const double* moment(std::size_t r) const { return moment_.data() + r * packed_size_; }
  /// Covariances of the bias with the factors, then its variance.
  const double* cross(std::size_t r) const { return cross_.data() + r * n_; }

  /// L, packed.
  std::vector<double> prior_precision() const;
  /// L W' f of every row: what the prior adds to the right-hand side.
  RowMatrix prior_pull() const;

  /// What moment() and cross() say from now on, given the mean that stands in mean(r). `covariance`
  /// is indexed by the places of a packed matrix.
  template <typename Covariance>
  void set_covariance(std::size_t r, const Covariance& covariance);

  /// W, L and the ridge of W, one step of each; `covariances` is the packed sum of the posteriors'.
  void learn_prior(const std::vector<double>& covariances);

  /// Those without ratings are what their features say; returns all that is known.
  VbSide settled();

 private:
  const RatingRows& rows_;
  Eigen::Map<const RowMatrix> features_;
  std::size_t n_;
  std::size_t packed_size_;
  std::vector<std::uint32_t> seen_;
  RowMatrix seen_features_;
  Eigen::MatrixXd gram_;  // of seen_features_
  double ridge_ = 1.0;
  std::vector<double> mean_;        // rows x n
  std::vector<double> variance_;    // rows x n
  std::vector<double> moment_;      // rows x packed
  std::vector<double> cross_;       // rows x n
  std::vector<double> prior_mean_;  // rows x n: W' f
  RowMatrix weights_;               // W
  Eigen::MatrixXd precision_;       // L
  Eigen::MatrixXd covariance_;      // its inverse
};

template <typename Covariance>
void VbEntities::set_covariance(std::size_t r, const Covariance& covariance) {
  const double* const x = mean(r);
  double* const out = moment_.data() + r * packed_size_;
  double* const variance = variance_.data() + r * n_;
  double* const cross = cross_.data() + r * n_;
  std::size_t k = 0;
  for (std::size_t i = 0; i + 1 < n_; ++i) {
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      out[k] = x[i] * x[j] + covariance[k];
    }
    variance[i] = covariance[k - 1];
  }
  for (std::size_t j = 0; j + 1 < n_; ++j, ++k) {
    out[k] = x[j];
    cross[j] = covariance[k];
  }
  out[k] = 1.0;
  cross[n_ - 1] = covariance[k];
  variance[n_ - 1] = covariance[k];
}

}  // namespace balse
