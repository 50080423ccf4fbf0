#pragma once

#include <cstddef>
#include <vector>

#include "balse/support/large_vector.hpp"

#include "model/kernels/posterior_kernels.hpp"

namespace balse {

/// The posterior means of users or items, [factors, bias], and what the other side needs of their
/// covariances.
class VbMoments {
 public:
  VbMoments(std::size_t rows, std::size_t dimensions)
      : n_(dimensions),
        packed_size_(PosteriorKernels::packed_size(dimensions)),
        mean_(rows * n_),
        record_(rows * record_size()) {}

  std::size_t rows() const { return mean_.size() / n_; }
  std::size_t dimensions() const { return n_; }

  double* mean(std::size_t r) { return mean_.data() + r * n_; }
  const double* mean(std::size_t r) const { return mean_.data() + r * n_; }
  const std::vector<double>& means() const { return mean_; }

  /// What the other side adds up over its ratings, a record of record_size() numbers: packed, the
  /// expectation of [factors; 1] [factors; 1]', whose last row is [factors, 1]; then the
  /// covariances of the bias with the factors, and its variance.
  const double* record(std::size_t r) const { return record_.data() + r * record_size(); }
  std::size_t record_size() const { return packed_size_ + n_; }
  /// Where in a record the row [factors, 1], and where the covariances, begin.
  std::size_t factors_at() const { return packed_size_ - n_; }
  std::size_t crosses_at() const { return packed_size_; }

  /// What record() says from now on, given the mean that stands in mean(r); packed.
  void set_covariance(std::size_t r, const double* covariance);
  /// The covariance that was set, to rounding; packed.
  std::vector<double> covariance(std::size_t r) const;

 private:
  std::size_t n_;
  std::size_t packed_size_;
  std::vector<double> mean_;  // rows x n
  LargeVector record_;        // rows x record_size()
};

}  // namespace balse
