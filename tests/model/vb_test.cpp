// Variational Bayes against the formulas written out: dense algebra, one user or item at a time.

#include "model/blocks/vb/vb.hpp"

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

struct VbEntities {
  std::vector<VectorXd> mean;
  std::vector<MatrixXd> covariance;
  MatrixXd weights;    // features x n
  MatrixXd precision;  // L
  MatrixXd covariance_of_prior;
  double ridge = 1.0;

  VbEntities(std::size_t count, Eigen::Index features, Eigen::Index n)
      : mean(count, VectorXd::Zero(n)),
        covariance(count, 0.1 * MatrixXd::Identity(n, n)),
        weights(MatrixXd::Zero(features, n)),
        precision(5.0 * MatrixXd::Identity(n, n)),
        covariance_of_prior(precision.inverse()) {}
};

/// E [factors; 1] [factors; 1]' of one posterior.
MatrixXd second_moment(const VectorXd& mean, const MatrixXd& covariance) {
  const Eigen::Index n = mean.size();
  VectorXd phi = mean;
  phi[n - 1] = 1.0;
  MatrixXd moment = phi * phi.transpose();
  moment.topLeftCorner(n - 1, n - 1) += covariance.topLeftCorner(n - 1, n - 1);
  return moment;
}

void learn_prior(VbEntities& entities, const MatrixXd& features, const RatingRows& rows) {
  const Eigen::Index n = entities.precision.rows();
  std::vector<std::size_t> seen;
  for (std::size_t r = 0; r < rows.rows(); ++r) {
    if (rows.count(r) > 0) {
      seen.push_back(r);
    }
  }
  MatrixXd f(static_cast<Eigen::Index>(seen.size()), features.cols());
  MatrixXd x(static_cast<Eigen::Index>(seen.size()), n);
  MatrixXd covariances = MatrixXd::Zero(n, n);
  for (std::size_t k = 0; k < seen.size(); ++k) {
    f.row(static_cast<Eigen::Index>(k)) = features.row(static_cast<Eigen::Index>(seen[k]));
    x.row(static_cast<Eigen::Index>(k)) = entities.mean[seen[k]].transpose();
    covariances += entities.covariance[seen[k]];
  }
  VectorXd p = VectorXd::Constant(features.cols(), entities.ridge);
  p[0] = 0.01;
  const MatrixXd ridge = p.asDiagonal();
  const MatrixXd c = (f.transpose() * f + ridge).inverse();
  entities.weights = c * f.transpose() * x;
  const MatrixXd e = x - f * entities.weights;
  entities.covariance_of_prior =
      (e.transpose() * e + covariances + entities.weights.transpose() * ridge * entities.weights +
       0.5 * MatrixXd::Identity(n, n)) /
      (static_cast<double>(seen.size()) + 1.0);
  entities.precision = entities.covariance_of_prior.inverse();
  const Eigen::Index more = features.cols() - 1;
  const MatrixXd w1 = entities.weights.bottomRows(more);
  const double lambda = static_cast<double>(more * n) /
                        ((w1 * entities.precision * w1.transpose()).trace() +
                         static_cast<double>(n) * c.bottomRightCorner(more, more).trace());
  entities.ridge = std::min(1e5, std::max(0.01, lambda));
}

struct VbReference {
  VbEntities users;
  VbEntities items;
  std::vector<double> weight;
  double alpha = 1.0;
};

VbReference vb_reference(const RatingMatrix& ratings, double mu, const MatrixXd& f,
                         const MatrixXd& g, std::size_t factors, int sweeps, std::uint64_t seed) {
  const auto n = static_cast<Eigen::Index>(factors) + 1;
  VbReference fit{VbEntities(ratings.users(), g.cols(), n),
                  VbEntities(ratings.items(), f.cols(), n),
                  std::vector<double>(ratings.users(), 1.0)};
  Random random(seed);
  for (VbEntities* entities : {&fit.users, &fit.items}) {
    for (VectorXd& mean : entities->mean) {
      for (Eigen::Index k = 0; k + 1 < n; ++k) {
        mean[k] = 0.3 * random.normal();
      }
    }
  }
  const auto update = [&](VbEntities& of, const VbEntities& by, const MatrixXd& features,
                          const RatingRows& rows, bool users) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (rows.count(r) == 0) {
        continue;
      }
      const VectorXd prior =
          of.weights.transpose() * features.row(static_cast<Eigen::Index>(r)).transpose();
      MatrixXd q = of.precision;
      VectorXd right = of.precision * prior;
      for (std::size_t k = 0; k < rows.count(r); ++k) {
        const std::uint32_t other = rows.indices_of(r)[k];
        const double w = fit.alpha * fit.weight[users ? r : other];
        VectorXd phi = by.mean[other];
        phi[n - 1] = 1.0;
        VectorXd cross = by.covariance[other].col(n - 1);
        cross[n - 1] = 0.0;
        const double rating = static_cast<double>(rows.values_of(r)[k]);
        q += w * second_moment(by.mean[other], by.covariance[other]);
        right += w * ((rating - mu - by.mean[other][n - 1]) * phi - cross);
      }
      of.covariance[r] = q.inverse();
      of.mean[r] = of.covariance[r] * right;
    }
  };
  for (int sweep = 0; sweep < sweeps; ++sweep) {
    update(fit.items, fit.users, f, ratings.by_item, false);
    if (sweep > 0) {
      learn_prior(fit.items, f, ratings.by_item);
    }
    update(fit.users, fit.items, g, ratings.by_user, true);
    if (sweep > 0) {
      learn_prior(fit.users, g, ratings.by_user);
    }
    double sum = 0.0;
    for (std::size_t u = 0; u < ratings.users(); ++u) {
      double error = 0.0;
      for (std::size_t k = 0; k < ratings.by_user.count(u); ++k) {
        const std::uint32_t j = ratings.by_user.indices_of(u)[k];
        VectorXd of_user = fit.users.mean[u];
        VectorXd of_item = fit.items.mean[j];
        const double left = static_cast<double>(ratings.by_user.values_of(u)[k]) - mu -
                            of_user[n - 1] - of_item[n - 1] -
                            of_user.head(n - 1).dot(of_item.head(n - 1));
        of_user[n - 1] = 1.0;
        of_item[n - 1] = 1.0;
        error += left * left + of_user.dot(fit.items.covariance[j] * of_user) +
                 of_item.dot(fit.users.covariance[u] * of_item) +
                 (fit.users.covariance[u].topLeftCorner(n - 1, n - 1) *
                  fit.items.covariance[j].topLeftCorner(n - 1, n - 1))
                     .trace();
      }
      if (ratings.by_user.count(u) > 0) {
        fit.weight[u] =
            (5.0 + static_cast<double>(ratings.by_user.count(u))) / (5.0 + fit.alpha * error);
        sum += fit.weight[u] * error;
      }
    }
    fit.alpha = static_cast<double>(ratings.size()) / sum;
  }
  return fit;
}

MatrixXd random_features(std::size_t rows, Eigen::Index columns, std::uint64_t seed) {
  Random random(seed);
  MatrixXd features(static_cast<Eigen::Index>(rows), columns);
  for (Eigen::Index r = 0; r < features.rows(); ++r) {
    features(r, 0) = 1.0;
    for (Eigen::Index c = 1; c < columns; ++c) {
      features(r, c) = random.normal();
    }
  }
  return features;
}

std::vector<double> row_major(const MatrixXd& matrix) {
  std::vector<double> values;
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    for (Eigen::Index c = 0; c < matrix.cols(); ++c) {
      values.push_back(matrix(r, c));
    }
  }
  return values;
}

struct VbCase {
  Ratings ratings = random_ratings(37, 29, 240, 5);  // some of both have no ratings
  RatingMatrix matrix = make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 1);
  MatrixXd f = random_features(29, 4, 6);
  MatrixXd g = random_features(37, 3, 7);
  std::vector<double> item_features = row_major(f);
  std::vector<double> user_features = row_major(g);
  double mu = 2.5;

  VbFit fit(int threads) const {
    return fit_vb({.ratings = matrix,
                   .global_mean = mu,
                   .item_features = {29, 4, item_features},
                   .user_features = {37, 3, user_features},
                   .factors = 3,
                   .sweeps = 5,
                   .seed = 9,
                   .threads = threads});
  }
};

}  // namespace

TEST_CASE("variational Bayes is what its formulas say", "[vb]") {
  const VbCase problem;
  const VbFit fit = problem.fit(1);
  const VbReference reference =
      vb_reference(problem.matrix, problem.mu, problem.f, problem.g, 3, 5, 9);
  const auto compare = [&](const VbSide& side, const VbEntities& expected, const MatrixXd& features,
                           const RatingRows& rows) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      const bool seen = rows.count(r) > 0;
      const VectorXd prior =
          expected.weights.transpose() * features.row(static_cast<Eigen::Index>(r)).transpose();
      for (std::size_t k = 0; k < 4; ++k) {
        const auto i = static_cast<Eigen::Index>(k);
        CHECK(side.mean[r * 4 + k] ==
              Approx(seen ? expected.mean[r][i] : prior[i]).epsilon(1e-8).margin(1e-9));
        CHECK(side.variance[r * 4 + k] ==
              Approx(seen ? expected.covariance[r](i, i) : expected.covariance_of_prior(i, i))
                  .epsilon(1e-8));
      }
    }
    for (std::size_t k = 0; k < side.prior.size(); ++k) {
      CHECK(side.prior[k] == Approx(row_major(expected.weights)[k]).epsilon(1e-8).margin(1e-9));
    }
  };
  compare(fit.items, reference.items, problem.f, problem.matrix.by_item);
  compare(fit.users, reference.users, problem.g, problem.matrix.by_user);
  CHECK(fit.typical_precision == Approx(reference.alpha).epsilon(1e-8));
  for (std::size_t u = 0; u < problem.matrix.users(); ++u) {
    CHECK(fit.precision[u] == Approx(reference.alpha * reference.weight[u]).epsilon(1e-8));
  }
}

TEST_CASE("variational Bayes has the same bits at any number of threads", "[vb]") {
  const VbCase problem;
  const VbFit one = problem.fit(1);
  for (const int threads : {2, 7}) {
    const VbFit many = problem.fit(threads);
    CHECK(many.users.mean == one.users.mean);
    CHECK(many.items.mean == one.items.mean);
    CHECK(many.items.variance == one.items.variance);
    CHECK(many.precision == one.precision);
  }
}
