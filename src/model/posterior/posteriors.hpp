#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/support/parallel.hpp"

#include "model/kernels/aligned_numbers.hpp"
#include "model/kernels/posterior_kernels.hpp"

namespace balse {

/// The precision of one posterior: that of the prior plus scale * moments.
struct PosteriorPrecision {
  double scale = 0.0;
  const double* moments = nullptr;  ///< packed; stays as it is until it has been used
};

/// One posterior covariance, packed, among those that were inverted with it.
class PosteriorCovariance {
 public:
  PosteriorCovariance(std::size_t n, const double* first) : n_(n), first_(first) {}

  std::size_t size() const { return n_; }
  double operator[](std::size_t k) const { return first_[k * PosteriorKernels::kBatch]; }

  /// x = S right
  void multiply(const double* right, double* x) const {
    std::fill_n(x, n_, 0.0);
    std::size_t k = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j < i; ++j, ++k) {
        x[i] += (*this)[k] * right[j];
        x[j] += (*this)[k] * right[i];
      }
      x[i] += (*this)[k++] * right[i];
    }
  }

 private:
  std::size_t n_;
  const double* first_;
};

/// For every one of `rows`: precision = collect(row, lane, work), then
/// use(row, lane, covariance, work), on many threads, four rows at a time, lanes 0 to 3, each with
/// a Work of its range's own. `prior` is the prior's precision, packed. Returns the packed sum of
/// all covariances, the same bits at any number of threads.
template <typename Work, typename Collect, typename Use>
std::vector<double> for_each_posterior(std::span<const std::uint32_t> rows, std::size_t n,
                                       std::span<const double> prior, int threads,
                                       const Collect& collect, const Use& use) {
  constexpr std::size_t kBatch = PosteriorKernels::kBatch;
  constexpr std::size_t kRowsPerRange = 16 * kBatch;
  const PosteriorKernels& kernels = posterior_kernels(best_instruction_set());
  const std::size_t size = prior.size();
  std::vector<double> sums((rows.size() + kRowsPerRange - 1) / kRowsPerRange * size);
  parallel_ranges(rows.size(), kRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    Work work(n);
    AlignedNumbers systems(size * kBatch);
    AlignedNumbers workspace(size * kBatch);
    double* const sum = sums.data() + begin / kRowsPerRange * size;
    for (std::size_t first = begin; first < end; first += kBatch) {
      const std::size_t filled = std::min(kBatch, end - first);
      PosteriorPrecision precision;
      for (std::size_t lane = 0; lane < kBatch; ++lane) {
        if (lane < filled) {  // lanes left over repeat the last one
          precision = collect(rows[first + lane], lane, work);
        }
        for (std::size_t k = 0; k < size; ++k) {
          systems.data()[k * kBatch + lane] = prior[k] + precision.scale * precision.moments[k];
        }
      }
      kernels.invert(n, systems.data(), workspace.data());
      for (std::size_t lane = 0; lane < filled; ++lane) {
        const PosteriorCovariance covariance(n, systems.data() + lane);
        for (std::size_t k = 0; k < size; ++k) {
          sum[k] += covariance[k];
        }
        use(rows[first + lane], lane, covariance, work);
      }
    }
  });
  std::vector<double> total(size);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    total[k % size] += sums[k];
  }
  return total;
}

/// The rows that have ratings.
inline std::vector<std::uint32_t> seen_rows(const RatingRows& rows) {
  std::vector<std::uint32_t> seen;
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    if (rows.count(row) > 0) {
      seen.push_back(static_cast<std::uint32_t>(row));
    }
  }
  return seen;
}

/// The root mean squared error of so many ratings, given the squared error of each user's.
inline double rmse_of(std::span<const double> squares, std::size_t ratings) {
  double sum = 0.0;
  for (const double of_user : squares) {
    sum += of_user;
  }
  return ratings == 0 ? 0.0 : std::sqrt(sum / static_cast<double>(ratings));
}

}  // namespace balse
