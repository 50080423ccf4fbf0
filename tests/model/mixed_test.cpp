// Mixed-effects regression against its formulas: dense algebra, one user at a time.

#include "model/blocks/mixed/mixed.hpp"

#include <cmath>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/data/rating_matrix.hpp"
#include "balse/support/random.hpp"

#include "model/random_ratings.hpp"

using namespace balse;
using namespace balse::test;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Eigen::Index kFeatures = 6;

struct MixedCase {
  Ratings ratings = random_ratings(41, 30, 260, 11);
  RatingMatrix matrix = make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 1);
  std::vector<double> features;
  std::vector<double> user_offset;
  std::vector<double> item_offset;

  MixedCase() {
    Random random(12);
    for (std::size_t item = 0; item < 30; ++item) {
      features.push_back(1.0);
      for (Eigen::Index c = 1; c < kFeatures; ++c) {
        features.push_back(random.normal());
      }
      item_offset.push_back(0.2 * random.normal());
    }
    for (std::size_t user = 0; user < 41; ++user) {
      user_offset.push_back(0.3 * random.normal());
    }
  }

  MixedProblem problem(int threads) const {
    return {.by_user = matrix.by_user,
            .features = {30, kFeatures, features},
            .constant = 2.4,
            .user_offset = user_offset,
            .item_offset = item_offset,
            .start_precision = 20.0,
            .sweeps = 5,
            .threads = threads};
  }
};

/// Mean coefficients by user, and the usual ones.
std::pair<MatrixXd, VectorXd> mixed_reference(const MixedCase& problem) {
  const RatingRows& rows = problem.matrix.by_user;
  const auto users = static_cast<Eigen::Index>(rows.rows());
  std::vector<MatrixXd> z(rows.rows());
  std::vector<VectorXd> y(rows.rows());
  double sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  double seen = 0.0;
  for (std::size_t u = 0; u < rows.rows(); ++u) {
    const auto n = static_cast<Eigen::Index>(rows.count(u));
    z[u].resize(n, kFeatures);
    y[u].resize(n);
    for (Eigen::Index k = 0; k < n; ++k) {
      const std::uint32_t j = rows.indices_of(u)[static_cast<std::size_t>(k)];
      z[u].row(k) =
          Eigen::Map<const Eigen::RowVectorXd>(problem.features.data() + j * kFeatures, kFeatures);
      y[u][k] = static_cast<double>(rows.values_of(u)[static_cast<std::size_t>(k)]) - 2.4 -
                problem.user_offset[u] - problem.item_offset[j];
      sum += y[u][k];
      squares += y[u][k] * y[u][k];
      count += 1.0;
    }
    seen += n > 0 ? 1.0 : 0.0;
  }
  MatrixXd precision = 20.0 * MatrixXd::Identity(kFeatures, kFeatures);
  precision(0, 0) = 2.0;
  VectorXd usual = VectorXd::Zero(kFeatures);
  std::vector<double> weight(rows.rows(), 1.0);
  double alpha = 1.5 / (squares / count - (sum / count) * (sum / count));
  MatrixXd w = MatrixXd::Zero(users, kFeatures);
  for (int sweep = 0; sweep < 5; ++sweep) {
    std::vector<MatrixXd> covariance(rows.rows());
    MatrixXd covariances = MatrixXd::Zero(kFeatures, kFeatures);
    for (std::size_t u = 0; u < rows.rows(); ++u) {
      if (rows.count(u) == 0) {
        continue;
      }
      const double a = alpha * weight[u];
      covariance[u] = (precision + a * z[u].transpose() * z[u]).inverse();
      w.row(static_cast<Eigen::Index>(u)) =
          (covariance[u] * (precision * usual + a * z[u].transpose() * y[u])).transpose();
      covariances += covariance[u];
    }
    double weighted = 0.0;
    std::vector<double> error(rows.rows());
    for (std::size_t u = 0; u < rows.rows(); ++u) {
      if (rows.count(u) == 0) {
        continue;
      }
      error[u] = (y[u] - z[u] * w.row(static_cast<Eigen::Index>(u)).transpose()).squaredNorm();
      if (sweep >= 2) {
        error[u] += (covariance[u] * z[u].transpose() * z[u]).trace();
      }
    }
    usual.setZero();
    for (std::size_t u = 0; u < rows.rows(); ++u) {
      if (rows.count(u) > 0) {
        usual += w.row(static_cast<Eigen::Index>(u)).transpose() / seen;
      }
    }
    MatrixXd scatter = covariances + 0.05 * MatrixXd::Identity(kFeatures, kFeatures);
    for (std::size_t u = 0; u < rows.rows(); ++u) {
      if (rows.count(u) > 0) {
        const VectorXd e = w.row(static_cast<Eigen::Index>(u)).transpose() - usual;
        scatter += e * e.transpose();
        weight[u] = (5.0 + static_cast<double>(rows.count(u))) / (5.0 + alpha * error[u]);
        weighted += weight[u] * error[u];
      }
    }
    precision = (scatter / seen).inverse();
    alpha = count / weighted;
  }
  for (std::size_t u = 0; u < rows.rows(); ++u) {
    if (rows.count(u) == 0) {
      w.row(static_cast<Eigen::Index>(u)) = usual.transpose();
    }
  }
  return {w, usual};
}

}  // namespace

TEST_CASE("mixed-effects regression is what its formulas say", "[mixed]") {
  const MixedCase problem;
  const MixedFit fit = fit_mixed(problem.problem(1));
  const auto [weights, usual] = mixed_reference(problem);
  for (Eigen::Index u = 0; u < weights.rows(); ++u) {
    for (Eigen::Index c = 0; c < kFeatures; ++c) {
      CHECK(fit.weights[static_cast<std::size_t>(u * kFeatures + c)] ==
            Approx(weights(u, c)).epsilon(1e-8).margin(1e-9));
    }
  }
  for (Eigen::Index c = 0; c < kFeatures; ++c) {
    CHECK(fit.prior.usual[static_cast<std::size_t>(c)] ==
          Approx(usual[c]).epsilon(1e-8).margin(1e-9));
  }
}

TEST_CASE("mixed-effects regression has the same bits at any number of threads", "[mixed]") {
  const MixedCase problem;
  const MixedFit one = fit_mixed(problem.problem(1));
  for (const int threads : {2, 7}) {
    const MixedFit many = fit_mixed(problem.problem(threads));
    CHECK(many.weights == one.weights);
    CHECK(many.prior.usual == one.prior.usual);
  }
}
