#include "model/blocks/vb/half_step.hpp"

#include <algorithm>

#include "model/posterior/posteriors.hpp"

namespace balse {
namespace {

constexpr std::size_t kRatingsAtOnce = 32;

}  // namespace

VbHalfStep::VbHalfStep(const RatingRows& rows, const VbMoments& others, double global_mean,
                       const UserNoise* weights)
    : rows_(rows),
      others_(others),
      global_mean_(global_mean),
      weights_(weights),
      kernels_(posterior_kernels(best_instruction_set())) {}

void VbHalfStep::collect(std::uint32_t row, VbSums& sums) const {
  const std::size_t n = others_.dimensions();
  std::fill(sums.record.begin(), sums.record.end(), 0.0);
  std::fill(sums.right.begin(), sums.right.end(), 0.0);
  const auto columns = rows_.indices_of(row);
  const auto values = rows_.values_of(row);
  const double* records[kRatingsAtOnce] = {};
  const double* factors[kRatingsAtOnce] = {};  // [factors, 1]
  double weights[kRatingsAtOnce] = {};
  double left[kRatingsAtOnce] = {};
  for (std::size_t first = 0; first < columns.size(); first += kRatingsAtOnce) {
    const std::size_t count = std::min(kRatingsAtOnce, columns.size() - first);
    for (std::size_t k = 0; k < count; ++k) {
      const std::uint32_t column = columns[first + k];
      records[k] = others_.record(column);
      factors[k] = records[k] + others_.factors_at();
      weights[k] = weights_ == nullptr ? 1.0 : weights_->weight(column);
      left[k] =
          weights[k] * (double{values[first + k]} - global_mean_ - others_.mean(column)[n - 1]);
    }
    kernels_.add_rows(sums.record.size(), count, records, weights, sums.record.data());
    kernels_.add_rows(n, count, factors, left, sums.right.data());
  }
  const double* const crosses = sums.record.data() + others_.crosses_at();
  for (std::size_t i = 0; i + 1 < n; ++i) {
    sums.right[i] -= crosses[i];
  }
}

void VbHalfStep::solve(const double* pull, double scale, const double* covariance, VbSums& sums,
                       double* mean) const {
  for (std::size_t i = 0; i < sums.right.size(); ++i) {
    sums.right[i] = pull[i] + scale * sums.right[i];
  }
  kernels_.multiply(sums.right.size(), covariance, sums.right.data(), mean);
}

// What the posteriors' covariances add to the squared error of the means is
//     phi_u' S_j phi_u + phi_j' S_u phi_j + tr(S_u^ff S_j^ff), summed over the ratings,
// which is tr(S_u G) + u' (G^ff - sum of v v') u + 2 u . sum of cov_j(v, b) + sum of var_j(b)
// for G, the sum of the items' moments.
VbHalfStep::Error VbHalfStep::error_of(std::uint32_t user, const double* mean,
                                       const double* covariance, VbSums& sums) const {
  const std::size_t n = others_.dimensions();
  const double* const moments = sums.record.data();
  const auto columns = rows_.indices_of(user);
  const auto values = rows_.values_of(user);
  double squares = 0.0;
  double dots = 0.0;
  for (std::size_t k = 0; k < columns.size(); ++k) {
    const double* const y = others_.mean(columns[k]);
    const double dot = kernels_.dot(n - 1, mean, y);
    const double left = double{values[k]} - global_mean_ - mean[n - 1] - y[n - 1] - dot;
    squares += left * left;
    dots += dot * dot;
  }
  double* const product = sums.right.data();  // G^ff u; the right-hand side has been used
  kernels_.multiply(n - 1, moments, mean, product);
  const double quadratic = kernels_.dot(n - 1, mean, product);
  const double* const crosses = sums.record.data() + others_.crosses_at();
  return {.of_means = squares,
          .expected = squares + trace_of_product(kernels_, n, covariance, moments) +
                      (quadratic - dots) + crosses[n - 1] +
                      2.0 * kernels_.dot(n - 1, mean, crosses)};
}

}  // namespace balse
