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

/// For every one of `rows`: precision = collect(row, lane, work), then
/// use(row, lane, covariance, work), on many threads, four rows at a time, lanes 0 to 3, each with
/// a Work of its range's own. `prior` is the prior's precision; it and the covariances are packed.
/// Returns the sum of all covariances, the same bits at any number of threads.
template <typename Work, typename Collect, typename Use>
std::vector<double> for_each_posterior(std::span<const std::uint32_t> rows, std::size_t n,
                                       std::span<const double> prior, int threads,
                                       const Collect& collect, const Use& use) {
  constexpr std::size_t kBatch = PosteriorKernels::kBatch;
  constexpr std::size_t kRowsPerRange = 16 * kBatch;
  static constexpr double kOnes[kBatch] = {1.0, 1.0, 1.0, 1.0};
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
      double scales[kBatch] = {};
      const double* moments[kBatch] = {};
      for (std::size_t lane = 0; lane < kBatch; ++lane) {
        if (lane < filled) {
          const PosteriorPrecision precision = collect(rows[first + lane], lane, work);
          scales[lane] = precision.scale;
          moments[lane] = precision.moments;
        } else if (lane > 0) {  // lanes left over repeat the last one
          scales[lane] = scales[lane - 1];
          moments[lane] = moments[lane - 1];
        }
      }
      kernels.interleave(size, prior.data(), scales, moments, systems.data());
      kernels.invert(n, systems.data(), workspace.data());
      kernels.separate(size, systems.data(), workspace.data());
      const double* covariances[kBatch] = {};
      for (std::size_t lane = 0; lane < filled; ++lane) {
        covariances[lane] = workspace.data() + lane * size;
        use(rows[first + lane], lane, covariances[lane], work);
      }
      kernels.add_rows(size, filled, covariances, kOnes, sum);
    }
  });
  std::vector<double> total(size);
  for (std::size_t k = 0; k < sums.size(); ++k) {
    total[k % size] += sums[k];
  }
  return total;
}

/// The sum of the products of all elements of two packed matrices, the trace of A B.
inline double trace_of_product(const PosteriorKernels& kernels, std::size_t n, const double* a,
                               const double* b) {
  double diagonal = 0.0;
  for (std::size_t i = 0, k = 0; i < n; ++i, k += i + 1) {
    diagonal += a[k] * b[k];
  }
  return 2.0 * kernels.dot(PosteriorKernels::packed_size(n), a, b) - diagonal;
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
