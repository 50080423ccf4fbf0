// What users who are folded into a fitted model get, against the formulas written out in dense
// algebra.

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/model/derived_features.hpp"
#include "balse/model/fold_in.hpp"
#include "balse/support/random.hpp"

#include "model/blocks/mixed/mixed_block.hpp"
#include "model/blocks/vb/vb_block.hpp"
#include "model/blocks/vb/vb_user_prior.hpp"
#include "model/folded_sample.hpp"

using namespace balse;
using namespace balse::test;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace fold_in_formulas_test {
namespace {

constexpr int kRounds = 4;

MatrixXd matrix_of(const MatrixView& view) {
  return Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>(
      view.values.data(), static_cast<Eigen::Index>(view.rows),
      static_cast<Eigen::Index>(view.columns));
}

VectorXd row_of(const MatrixView& view, std::size_t row) {
  const auto values = view.row(row);
  return Eigen::Map<const VectorXd>(values.data(), static_cast<Eigen::Index>(values.size()));
}

void check_same(const VectorXd& found, const VectorXd& expected) {
  REQUIRE(found.size() == expected.size());
  for (Eigen::Index k = 0; k < found.size(); ++k) {
    CHECK(found[k] == Approx(expected[k]).epsilon(1e-9).margin(1e-9));
  }
}

double weight_of(double count, double alpha, double error) {
  return (5.0 + count) / (5.0 + alpha * error);
}

/// T_j as a dense row.
VectorXd tags_of(const TrainedModel& model, std::uint32_t item) {
  VectorXd row = VectorXd::Zero(static_cast<Eigen::Index>(model.tags.size()));
  const auto tags = model.data.tags->tags_of(item);
  const auto weights = model.data.tags->weights_of(item);
  for (std::size_t k = 0; k < tags.size(); ++k) {
    row[tags[k]] = static_cast<double>(weights[k]);
  }
  return row;
}

void check_mixed(const Folded& folded, const MixedVariant& variant, Model which) {
  const TrainedModel& model = folded.model;
  const Parameters& parameters = folded.of(which);
  const Rated rated = rated_by(model, folded.newcomer);
  const MatrixXd basis = matrix_of(parameters.matrix(variant.basis()));
  const MatrixView spread = parameters.matrix(variant.spread());
  const auto columns = static_cast<Eigen::Index>(spread.columns);
  const auto count = static_cast<Eigen::Index>(rated.items.size());
  MatrixXd z(count, columns);
  VectorXd y = rated.values.array() - model.data.means.global;
  for (Eigen::Index k = 0; k < count; ++k) {
    const std::uint32_t item = rated.items[static_cast<std::size_t>(k)];
    VectorXd x = VectorXd::Zero(columns);
    x[0] = 1.0;
    x.segment(1, basis.cols()) = basis.transpose() * tags_of(model, item);
    if (variant.popularity) {
      x[1 + basis.cols()] = popularity(model.count_of_item(item));
    }
    if (variant.similar_items && item < parameters.matrix(variant.similarity()).rows) {
      const VectorXd similar = row_of(parameters.matrix(variant.similarity()), item);
      x.tail(similar.size()) = similar;
    }
    z.row(k) = ((x - row_of(spread, 0)).array() / row_of(spread, 1).array()).matrix().transpose();
    z(k, 0) = 1.0;
  }
  if (variant.offsets) {
    const auto of_items = parameters.vector(variant.item_offset());
    VectorXd left = y;
    for (Eigen::Index k = 0; k < count; ++k) {
      const std::uint32_t item = rated.items[static_cast<std::size_t>(k)];
      left[k] -= item < of_items.size() ? of_items[item] : 0.0;
    }
    const double of_user = left.sum() / (static_cast<double>(count) + 2.0);
    CHECK(parameters.vector(variant.user_offset())[folded.newcomer] == Approx(of_user));
    y = left.array() - of_user;
  }
  const MatrixXd precision = matrix_of(parameters.matrix(variant.precision()));
  VectorXd usual = row_of(parameters.matrix(variant.usual()), 0);
  for (Eigen::Index c = 1; c < columns; ++c) {
    usual[0] += usual[c] * row_of(spread, 0)[c];
    usual[c] *= row_of(spread, 1)[c];
  }
  const double alpha = parameters.vector(variant.noise())[0];
  double weight = 1.0;
  VectorXd w;
  for (int round = 0; round < kRounds; ++round) {
    const double a = alpha * weight;
    const MatrixXd covariance = (precision + a * z.transpose() * z).inverse();
    w = covariance * (precision * usual + a * z.transpose() * y);
    const double error = (y - z * w).squaredNorm() + (covariance * z.transpose() * z).trace();
    weight = weight_of(static_cast<double>(count), alpha, error);
  }
  for (Eigen::Index c = 1; c < columns; ++c) {
    w[c] /= row_of(spread, 1)[c];
    w[0] -= w[c] * row_of(spread, 0)[c];
  }
  check_same(row_of(parameters.matrix(variant.weights()), folded.newcomer), w);
}

/// Posterior of an item, or its prior: mean and covariance.
std::pair<VectorXd, MatrixXd> item_posterior(const TrainedModel& model, const VbArrays& arrays,
                                             const Parameters& parameters, std::uint32_t item) {
  if (model.count_of_item(item) == 0) {
    VectorXd mean =
        row_of(parameters.matrix(arrays.priors()), item_mean) +
        parameters.vector(arrays.constants())[0] *
            row_of(parameters.matrix(arrays.priors()), item_popularity) +
        matrix_of(parameters.matrix(arrays.tag_prior())).transpose() * tags_of(model, item);
    return {mean, matrix_of(parameters.matrix(arrays.item_prior_covariance()))};
  }
  const VectorXd variance = row_of(parameters.matrix(arrays.item_variance()), item);
  const RoughView correlations = parameters.rough(arrays.item_correlation());
  MatrixXd covariance = variance.asDiagonal();
  std::size_t next = 0;
  for (Eigen::Index i = 0; i < variance.size(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j) {
      covariance(i, j) = correlations.at(item, next++) * std::sqrt(variance[i] * variance[j]);
      covariance(j, i) = covariance(i, j);
    }
  }
  return {row_of(parameters.matrix(arrays.items()), item), covariance};
}

VectorXd user_prior(const TrainedModel& model, const VbArrays& arrays, const Parameters& parameters,
                    const Rated& rated) {
  const MatrixView rows = parameters.matrix(arrays.user_prior());
  const auto n = static_cast<double>(rated.items.size());
  VectorXd mean = row_of(parameters.matrix(arrays.priors()), user_mean) +
                  std::log1p(n) * row_of(rows, of_count) + row_of(rows, besides_count);
  VectorXd tags = -n * row_of(rows, usual_tags);
  VectorXd company = VectorXd::Zero(mean.size());
  const RoughView of_items = parameters.rough(arrays.company());
  for (const std::uint32_t item : rated.items) {
    tags += matrix_of(parameters.matrix(arrays.user_tags())).transpose() * tags_of(model, item);
    for (Eigen::Index k = 0; item < of_items.rows && k < mean.size(); ++k) {
      company[k] += of_items.at(item, static_cast<std::size_t>(k)) * row_of(rows, company_scale)[k];
    }
  }
  return mean + tags / (n + 5.0) + company / std::sqrt(n);
}

void check_vb(const Folded& folded, const VbArrays& arrays, Model which) {
  const TrainedModel& model = folded.model;
  const Parameters& parameters = folded.of(which);
  const Rated rated = rated_by(model, folded.newcomer);
  const double alpha = parameters.vector(arrays.constants())[1];
  const MatrixXd precision = matrix_of(parameters.matrix(arrays.user_prior_precision()));
  const VectorXd prior = user_prior(model, arrays, parameters, rated);
  const Eigen::Index n = prior.size();
  double weight = 1.0;
  VectorXd x;
  MatrixXd covariance;
  for (int round = 0; round < kRounds; ++round) {
    MatrixXd q = precision;
    VectorXd right = precision * prior;
    for (std::size_t k = 0; k < rated.items.size(); ++k) {
      const auto [mean, of_item] = item_posterior(model, arrays, parameters, rated.items[k]);
      VectorXd phi = mean;
      phi[n - 1] = 1.0;
      MatrixXd moment = phi * phi.transpose();
      moment.topLeftCorner(n - 1, n - 1) += of_item.topLeftCorner(n - 1, n - 1);
      VectorXd cross = of_item.col(n - 1);
      cross[n - 1] = 0.0;
      const double left =
          rated.values[static_cast<Eigen::Index>(k)] - model.data.means.global - mean[n - 1];
      q += alpha * weight * moment;
      right += alpha * weight * (left * phi - cross);
    }
    covariance = q.inverse();
    x = covariance * right;
    double error = 0.0;
    for (std::size_t k = 0; k < rated.items.size(); ++k) {
      const auto [mean, of_item] = item_posterior(model, arrays, parameters, rated.items[k]);
      VectorXd of_user = x;
      VectorXd phi = mean;
      const double left = rated.values[static_cast<Eigen::Index>(k)] - model.data.means.global -
                          x[n - 1] - mean[n - 1] - x.head(n - 1).dot(mean.head(n - 1));
      of_user[n - 1] = 1.0;
      phi[n - 1] = 1.0;
      error +=
          left * left + of_user.dot(of_item * of_user) + phi.dot(covariance * phi) +
          (covariance.topLeftCorner(n - 1, n - 1) * of_item.topLeftCorner(n - 1, n - 1)).trace();
    }
    weight = weight_of(static_cast<double>(rated.items.size()), alpha, error);
  }
  check_same(row_of(parameters.matrix(arrays.users()), folded.newcomer), x);
  check_same(row_of(parameters.matrix(arrays.user_variance()), folded.newcomer),
             covariance.diagonal());
  CHECK(parameters.vector(arrays.precision())[folded.newcomer] == Approx(alpha * weight));
}

}  // namespace
}  // namespace fold_in_formulas_test

using namespace fold_in_formulas_test;

TEST_CASE("factors of a user who is folded in solve the normal equations of ALS", "[fold-in]") {
  for (const AlsWeighting weighting : {AlsWeighting::by_count, AlsWeighting::plain}) {
    for (const AlsCentring centring :
         {AlsCentring::user_mean, AlsCentring::global_mean, AlsCentring::none}) {
      Folded folded;
      folded.model = folded.sample.model();
      BalseOptions options = folded.sample.options.model;
      options.als.weighting = weighting;
      options.als.centring = centring;
      folded.users = fold_in(folded.model, folded.ratings, options, 1);
      const Rated rated = rated_by(folded.model, folded.newcomer);
      const MatrixView items = folded.of(Model::als).matrix(AlsBlock::kItemFactors);
      const auto rank = static_cast<Eigen::Index>(items.columns);
      const double offset = centring == AlsCentring::user_mean     ? rated.values.mean()
                            : centring == AlsCentring::global_mean ? folded.model.data.means.global
                                                                   : 0.0;
      const auto count = static_cast<double>(rated.items.size());
      MatrixXd system = options.als.lambda * (weighting == AlsWeighting::plain ? 1.0 : count) *
                        MatrixXd::Identity(rank, rank);
      VectorXd right = VectorXd::Zero(rank);
      for (std::size_t k = 0; k < rated.items.size(); ++k) {
        if (rated.items[k] < items.rows) {
          const VectorXd v = row_of(items, rated.items[k]);
          system += v * v.transpose();
          right += (rated.values[static_cast<Eigen::Index>(k)] - offset) * v;
        }
      }
      check_same(row_of(folded.of(Model::als).matrix(AlsBlock::kUserFactors), folded.newcomer),
                 system.ldlt().solve(right));
      CHECK(folded.of(Model::als).vector(AlsBlock::kUserOffset)[folded.newcomer] ==
            Approx(offset).margin(1e-12));
    }
  }
}

TEST_CASE("coefficients of a user who is folded in are posterior means", "[fold-in]") {
  const Folded folded;
  check_mixed(folded, MixedBlock::kVariant, Model::mixed);
  check_mixed(folded, MixedBiasBlock::kVariant, Model::mixed_bias);
  check_mixed(folded, MixedSimilarBlock::kVariant, Model::mixed_similar);
}

TEST_CASE("a user who is folded in has the posterior of variational Bayes", "[fold-in]") {
  const Folded folded;
  check_vb(folded, VbBlock::kVariant.arrays, Model::vb);
  check_vb(folded, VbNewBlock::kVariant.arrays, Model::vb_new);
}

TEST_CASE("the prior mean of who is folded in is what the fit's features gave", "[fold-in]") {
  const FullSampleModel sample;
  const RatingMatrix ratings = make_rating_matrix(
      sample.ratings, [](std::size_t) { return true; }, 1);
  const RatingMeans means = compute_rating_means(ratings);
  const TagMatrix tags = align_tags(sample.tags, sample.ratings.items);
  const TrainingSet set = {.ratings = ratings, .means = means, .tags = &tags, .threads = 1};
  ModelData data{.means = means, .tags = tags};
  for (const bool new_items : {true, false}) {
    const VbVariant& variant = new_items ? VbNewBlock::kVariant : VbBlock::kVariant;
    const VbFeatures features(set, {.of_tags = 50}, new_items);
    std::vector<FeatureColumns::Spread> spreads;
    const FeatureColumns g = features.of_users(spreads);
    Random random(4);
    std::vector<double> weights(g.columns() * 3);
    for (double& weight : weights) {
      weight = random.normal();
    }
    const MatrixView prior = {g.columns(), 3, weights};
    Parameters parameters;
    std::vector<double> priors(15);
    std::copy_n(weights.begin(), 3, priors.begin() + 3 * user_mean);
    parameters.add(variant.arrays.priors(), priors, 3);
    add_user_prior(variant.arrays, features, spreads, prior, parameters);
    const VbUserPrior folded(variant.arrays, parameters, data);
    for (std::size_t user = 0; user < ratings.users(); ++user) {
      const VectorXd expected = matrix_of(prior).transpose() * row_of(g.view(), user);
      const std::vector<double> found = folded.mean(ratings.by_user.indices_of(user));
      for (std::size_t k = 0; k < 3; ++k) {
        // The company is stored in 16 bits, and of singular vectors next to convergence.
        CHECK(found[k] ==
              Approx(expected[static_cast<Eigen::Index>(k)]).margin(new_items ? 1e-9 : 0.02));
      }
    }
  }
}
