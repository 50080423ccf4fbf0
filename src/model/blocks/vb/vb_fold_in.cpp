#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>
#include <vector>

#include "balse/support/parallel.hpp"

#include "model/blocks/vb/half_step.hpp"
#include "model/blocks/vb/vb_block.hpp"
#include "model/blocks/vb/vb_item_prior.hpp"
#include "model/blocks/vb/vb_user_prior.hpp"
#include "model/posterior/packed.hpp"
#include "model/posterior/posteriors.hpp"

namespace balse {
namespace {

constexpr std::size_t kPerRange = 64;  // users or items

Eigen::MatrixXd square(const MatrixView& matrix) {
  const auto n = static_cast<Eigen::Index>(matrix.columns);
  return Eigen::Map<const Eigen::MatrixXd>(matrix.values.data(), n, n);
}

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

/// The posteriors of the items that are rated; of those that the fit has not seen, the prior.
VbMoments moments_of_rated(const VbArrays& arrays, const Parameters& parameters,
                           const FoldInSet& set) {
  const MatrixView means = parameters.matrix(arrays.items());
  const MatrixView variances = parameters.matrix(arrays.item_variance());
  const RoughView correlations = parameters.rough(arrays.item_correlation());
  const VbItemPrior prior(arrays, parameters, set.data);
  const std::vector<double> of_prior =
      packed(square(parameters.matrix(arrays.item_prior_covariance())));
  VbMoments moments(set.rated.size(), means.columns);
  parallel_ranges(set.rated.size(), kPerRange, resolve_threads(set.threads),
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t k = begin; k < end; ++k) {
                      const std::uint32_t item = set.rated[k];
                      const bool seen = !set.data.means.unseen_item(item) && item < means.rows;
                      if (seen) {
                        std::copy_n(means.row(item).data(), means.columns, moments.mean(k));
                        moments.set_covariance(
                            k, covariance_of(variances.row(item), correlations, item).data());
                      } else {
                        const std::vector<double> mean = prior.mean(item);
                        std::copy(mean.begin(), mean.end(), moments.mean(k));
                        moments.set_covariance(k, of_prior.data());
                      }
                    }
                  });
  return moments;
}

/// L W' g: what the prior adds to the right-hand side; users x n.
std::vector<double> pull_of_users(const VbUserPrior& prior, const Eigen::MatrixXd& precision,
                                  const FoldInSet& set) {
  const Eigen::Index n = precision.rows();
  const auto columns = static_cast<std::size_t>(n);
  std::vector<double> pull(set.by_user.rows() * columns);
  parallel_ranges(set.by_user.rows(), kPerRange, resolve_threads(set.threads),
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t user = begin; user < end; ++user) {
                      const std::vector<double> mean = prior.mean(set.by_user.indices_of(user));
                      Eigen::Map<Eigen::VectorXd>(pull.data() + user * columns, n) =
                          precision * Eigen::Map<const Eigen::VectorXd>(mean.data(), n);
                    }
                  });
  return pull;
}

}  // namespace

Parameters VbVariant::fold_in(const Parameters& parameters, const FoldInSet& set) const {
  for (const ArraySpec* spec : {&arrays.item_correlation(), &arrays.item_prior_covariance(),
                                &arrays.user_prior_precision(), &arrays.user_prior()}) {
    if (!parameters.has(*spec)) {
      return {};
    }
  }
  const std::size_t n = parameters.matrix(arrays.priors()).columns;
  const std::size_t users = set.by_user.rows();
  const VbMoments items = moments_of_rated(arrays, parameters, set);
  const Eigen::MatrixXd precision = square(parameters.matrix(arrays.user_prior_precision()));
  const std::vector<double> pull =
      pull_of_users(VbUserPrior(arrays, parameters, set.data), precision, set);
  const VbHalfStep step(set.by_rated, items, set.means.global, nullptr);
  UserNoise noise(set.by_rated, parameters.vector(arrays.constants())[1]);
  std::vector<std::uint32_t> all(users);
  std::iota(all.begin(), all.end(), 0U);
  std::vector<double> mean(users * n);
  std::vector<double> variance(users * n);
  std::vector<double> error(users);
  for (int round = 0; round < kFoldInRounds; ++round) {
    for_each_posterior<VbSumsOfBatch>(
        all, n, packed(precision), resolve_threads(set.threads),
        [&](std::uint32_t user, std::size_t lane, VbSumsOfBatch& work) {
          step.collect(user, work.of_lane[lane]);
          return PosteriorPrecision{noise.precision(user), work.of_lane[lane].record.data()};
        },
        [&](std::uint32_t user, std::size_t lane, const double* covariance, VbSumsOfBatch& work) {
          VbSums& sums = work.of_lane[lane];
          double* const x = mean.data() + user * n;
          step.solve(pull.data() + user * n, noise.precision(user), covariance, sums, x);
          error[user] = step.error_of(user, x, covariance, sums).expected;
          for (std::size_t i = 0, k = 0; i < n; ++i, k += i + 1) {
            variance[user * n + i] = covariance[k];
          }
        });
    noise.learn_weights(error);
  }
  std::vector<double> precisions;
  precisions.reserve(users);
  for (const std::uint32_t user : all) {
    precisions.push_back(noise.precision(user));
  }
  Parameters rows;
  rows.add(arrays.users(), std::move(mean), n);
  rows.add(arrays.user_variance(), std::move(variance), n);
  rows.add(arrays.precision(), std::move(precisions));
  return rows;
}

}  // namespace balse
