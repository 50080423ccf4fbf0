#include "model/blocks/vb/vb_item_posteriors.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "balse/support/parallel.hpp"

namespace balse {
namespace {

/// The packed covariance whose deviations and correlations the model has.
std::vector<double> covariance_of(std::span<const double> variance, const RoughView& correlations,
                                  std::size_t item) {
  std::vector<double> result;
  std::size_t next = 0;
  for (std::size_t i = 0; i < variance.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      result.push_back(correlations.at(item, next++) * std::sqrt(variance[i] * variance[j]));
    }
    result.push_back(variance[i]);
  }
  return result;
}

}  // namespace

bool has_user_posteriors(const VbArrays& arrays, const Parameters& parameters) {
  return parameters.has(arrays.item_correlation()) &&
         parameters.has(arrays.item_prior_covariance()) &&
         parameters.has(arrays.user_prior_precision());
}

VbMoments item_posteriors(const VbArrays& arrays, const Parameters& parameters,
                          const VbItemPrior& prior, const RatingMeansView& means,
                          std::span<const std::uint32_t> items, int threads) {
  constexpr std::size_t kItemsPerRange = 64;
  const MatrixView known = parameters.matrix(arrays.items());
  const MatrixView variances = parameters.matrix(arrays.item_variance());
  const RoughView correlations = parameters.rough(arrays.item_correlation());
  const std::vector<double> of_prior =
      packed(square_of(parameters.matrix(arrays.item_prior_covariance())));
  VbMoments moments(items.size(), known.columns);
  parallel_ranges(items.size(), kItemsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t k = begin; k < end; ++k) {
      const std::uint32_t item = items[k];
      if (!means.unseen_item(item) && item < known.rows) {
        std::copy_n(known.row(item).data(), known.columns, moments.mean(k));
        moments.set_covariance(k, covariance_of(variances.row(item), correlations, item).data());
      } else {
        const std::vector<double> mean = prior.mean(item);
        std::copy(mean.begin(), mean.end(), moments.mean(k));
        moments.set_covariance(k, of_prior.data());
      }
    }
  });
  return moments;
}

}  // namespace balse
