#include <numeric>
#include <utility>
#include <vector>

#include "balse/support/parallel.hpp"

#include "model/blocks/vb/half_step.hpp"
#include "model/blocks/vb/vb_block.hpp"
#include "model/blocks/vb/vb_item_posteriors.hpp"
#include "model/blocks/vb/vb_item_prior.hpp"
#include "model/blocks/vb/vb_user_prior.hpp"
#include "model/posterior/packed.hpp"
#include "model/posterior/posteriors.hpp"

namespace balse {
namespace {

constexpr std::size_t kUsersPerRange = 64;

/// L W' g: what the prior adds to the right-hand side; users x n.
std::vector<double> pull_of_users(const VbUserPrior& prior, const Eigen::MatrixXd& precision,
                                  const FoldInSet& set) {
  const Eigen::Index n = precision.rows();
  const auto columns = static_cast<std::size_t>(n);
  std::vector<double> pull(set.by_user.rows() * columns);
  parallel_ranges(set.by_user.rows(), kUsersPerRange, resolve_threads(set.threads),
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
  if (!has_user_posteriors(arrays, parameters) || !parameters.has(arrays.user_prior())) {
    return {};
  }
  const std::size_t n = parameters.matrix(arrays.priors()).columns;
  const std::size_t users = set.by_user.rows();
  const VbMoments items =
      item_posteriors(arrays, parameters, VbItemPrior(arrays, parameters, set.data), set.data.means,
                      set.rated, resolve_threads(set.threads));
  const Eigen::MatrixXd precision = square_of(parameters.matrix(arrays.user_prior_precision()));
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
