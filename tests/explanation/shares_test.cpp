// What factors add to a prediction, taken apart by the user's ratings.

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/explanation/reasons.hpp"
#include "balse/model/derived_features.hpp"

#include "model/blocks/vb/vb_block.hpp"
#include "support/sample_model.hpp"

namespace shares_test {

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;
using Eigen::MatrixXd;
using Eigen::VectorXd;

VectorXd of(std::span<const double> row) {
  return Eigen::Map<const VectorXd>(row.data(), static_cast<Eigen::Index>(row.size()));
}

/// What is left of a user's factors and bias when their prior's pull, which no rating changes, is
/// taken away: one solution of the whole system for the given ratings.
class SlowVb {
 public:
  SlowVb(const TrainedModel& model, std::uint32_t user)
      : model_(model), parameters_(model.parameters[index_of(Model::vb)]), user_(user) {}

  VectorXd items(std::uint32_t item) const { return of(matrix(arrays_.items()).row(item)); }
  double expected(std::uint32_t item) const {
    const auto user = matrix(arrays_.users()).row(user_);
    return model_.data.means.global + user.back() + items(item).tail(1)[0];
  }

  VectorXd posterior(const std::vector<double>& ratings) const {
    const auto rated = model_.rated_by(user_);
    const MatrixView prior = matrix(arrays_.user_prior_precision());
    const auto n = static_cast<Eigen::Index>(prior.columns);
    const double alpha = parameters_.vector(arrays_.precision())[user_];
    MatrixXd system = Eigen::Map<const MatrixXd>(prior.values.data(), n, n);
    VectorXd right = VectorXd::Zero(n);
    for (std::size_t k = 0; k < rated.size(); ++k) {
      VectorXd phi = items(rated[k]);
      phi.tail(1).setOnes();
      system += alpha * (phi * phi.transpose() + doubt_of(rated[k]));
      right += alpha * phi * (ratings[k] - expected(rated[k]));
    }
    return system.inverse() * right;
  }

  /// What the item's own ratings add to its factors, besides its tags and popularity.
  VectorXd direction(std::uint32_t item) const {
    const MatrixView priors = matrix(arrays_.priors());
    VectorXd direction = items(item) - of(priors.row(item_mean)) -
                         popularity(model_.count_of_item(item)) * of(priors.row(item_popularity));
    const auto tags = model_.data.tags->tags_of(item);
    for (std::size_t k = 0; k < tags.size(); ++k) {
      direction -= double{model_.data.tags->weights_of(item)[k]} *
                   of(matrix(arrays_.tag_prior()).row(tags[k]));
    }
    direction.tail(1).setZero();
    return direction;
  }

 private:
  /// The covariance of an item's factors; the 1 beside them is sure.
  MatrixXd doubt_of(std::uint32_t item) const {
    const VectorXd variance = of(matrix(arrays_.item_variance()).row(item));
    const RoughView correlations = parameters_.rough(arrays_.item_correlation());
    MatrixXd doubt = MatrixXd::Zero(variance.size(), variance.size());
    std::size_t next = 0;
    for (Eigen::Index i = 0; i + 1 < variance.size(); ++i) {
      doubt(i, i) = variance[i];
      for (Eigen::Index j = 0; j < i; ++j) {
        doubt(i, j) = correlations.at(item, next++) * std::sqrt(variance[i] * variance[j]);
        doubt(j, i) = doubt(i, j);
      }
    }
    return doubt;
  }

  MatrixView matrix(const ArraySpec& spec) const { return parameters_.matrix(spec); }

  const TrainedModel& model_;
  const Parameters& parameters_;
  std::uint32_t user_;
  VbArrays arrays_ = VbBlock::kVariant.arrays;
};

TEST_CASE("a rating's share is what changes without it, to 1e-9", "[explanation]") {
  const FullSampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  const Block& vb = *predictors.find(Model::vb);
  std::size_t seen = 0;
  for (std::uint32_t user = 0; user < 5; ++user) {
    const SlowVb slow(model, user);
    const std::vector<double> ratings = model.ratings_by(user);
    const auto rated = model.rated_by(user);
    const VectorXd posterior = slow.posterior(ratings);
    for (const std::uint32_t item : {0U, 7U, 20U}) {
      const auto shares = vb.factor_shares(user, item, {.item = rated, .value = ratings});
      REQUIRE(shares.size() == rated.size());
      for (std::size_t k = 0; k < rated.size(); ++k, ++seen) {
        std::vector<double> without = ratings;
        without[k] = slow.expected(rated[k]);
        const double difference = slow.direction(item).dot(posterior - slow.posterior(without));
        REQUIRE(std::abs(shares[k] - difference) < 1e-9);
      }
      // The whole term is what the user's factors make of what the item's ratings add to its own.
      double term = 0.0;
      for (const Term& one : vb.reasons(user, item).terms) {
        term += one.of == Term::Of::factors ? one.value : 0.0;
      }
      const auto& parameters = model.parameters[index_of(Model::vb)];
      const VectorXd factors = of(parameters.matrix(VbBlock::kVariant.arrays.users()).row(user));
      CHECK(std::abs(term - slow.direction(item).dot(factors)) < 1e-9);
    }
  }
  CHECK(seen > 100);
  const std::vector<double> some = model.ratings_by(0);
  const RatedItems rated = {.item = model.rated_by(0), .value = some};
  CHECK(vb.factor_shares(999, 0, rated).empty());
  CHECK(vb.factor_shares(0, 46, rated).empty());  // nobody has rated it
  CHECK(predictors.find(Model::lasso)->factor_shares(0, 0, rated).empty());
}

TEST_CASE("the shares of ALS solve the user's equations, and nearly make their factors",
          "[explanation]") {
  SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  const Block& als = *predictors.find(Model::als);
  const MatrixView items = model.parameters[index_of(Model::als)].matrix(AlsBlock::kItemFactors);
  const MatrixView users = model.parameters[index_of(Model::als)].matrix(AlsBlock::kUserFactors);
  for (std::uint32_t user = 0; user < 30; ++user) {
    const std::vector<double> ratings = model.ratings_by(user);
    const auto rated = model.rated_by(user);
    const double mean = model.data.means.mean_of_user(user);
    const double lambda = sample.options.model.als.lambda * static_cast<double>(rated.size());
    MatrixXd system = lambda * MatrixXd::Identity(3, 3);
    VectorXd right = VectorXd::Zero(3);
    for (std::size_t k = 0; k < rated.size(); ++k) {
      system += of(items.row(rated[k])) * of(items.row(rated[k])).transpose();
      right += (ratings[k] - mean) * of(items.row(rated[k]));
    }
    const VectorXd solution = system.inverse() * right;
    const double distance = (solution - of(users.row(user))).norm();  // of the last iteration
    const auto shares = als.factor_shares(user, 5, {.item = rated, .value = ratings});
    REQUIRE(shares.size() == rated.size());
    for (std::size_t k = 0; k < rated.size(); ++k) {
      const double exact =
          of(items.row(5)).dot(system.inverse() * of(items.row(rated[k]))) * (ratings[k] - mean);
      CHECK(std::abs(shares[k] - exact) < 0.02 + distance);
    }
  }
}

TEST_CASE("the shares and the rest are what factors add, in every blend", "[explanation]") {
  const SampleModel gate;
  const FullSampleModel stack;
  for (const SampleModel* sample : {&gate, static_cast<const SampleModel*>(&stack)}) {
    const TrainedModel& model = sample->model();
    const Predictors predictors = model.predictors();
    std::size_t named = 0;
    for (std::uint32_t user = 0; user < model.users.size(); ++user) {
      for (std::uint32_t item = 0; item < model.items.size(); ++item) {
        const Explanation why = explain(model, predictors, user, item);
        const FactorShares& factors = why.factors;
        double sum = factors.rest;
        for (std::size_t k = 0; k < factors.rated.size(); ++k) {
          sum += factors.rated[k].share;
          REQUIRE(
              (k == 0 || std::abs(factors.rated[k - 1].share) >= std::abs(factors.rated[k].share)));
        }
        REQUIRE(std::abs(sum - factors.value) < 1e-9);
        for (const Term& term : why.besides) {
          if (term.of == Term::Of::factors) {
            REQUIRE(std::abs(term.value - factors.value) < 1e-9);
          }
        }
        const double direction = why.recommended ? 1.0 : -1.0;
        for (const RatedShare& one : notable_works(why)) {
          ++named;
          REQUIRE(one.item != item);
          REQUIRE(direction * one.share > 0.0);
          REQUIRE(direction * factors.value > 0.0);
          REQUIRE(direction * (one.rating - why.user_mean) > 0.0);
        }
        const std::string text = sentence(model, why, "X");
        INFO(text);
        REQUIRE((text.find("you liked") == std::string::npos || why.recommended));
        REQUIRE((text.find("you did not like") == std::string::npos || !why.recommended));
        if (text.find("because you") != std::string::npos) {
          REQUIRE_THAT(text, Contains(short_name(model, notable_works(why)[0].item)));
        }
      }
    }
    CHECK(named > 20);
  }
}

TEST_CASE("a sentence names works that were liked, strongest first, and none without a share",
          "[explanation]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  Explanation why;
  why.user_known = why.recommended = true;
  why.user_mean = 3.0;
  why.item_ratings = 9;
  why.prediction = 4.0;
  why.parts = {{.model = Model::als, .prediction = 4.0, .weight = 1.0, .reasons = {}}};
  why.factors = {.known = true,
                 .value = 1.0,
                 .rated = {{.item = 1, .rating = 5, .share = 0.4},
                           {.item = 2, .rating = 5, .share = -0.35},
                           {.item = 3, .rating = 1, .share = 0.3},
                           {.item = 4, .rating = 4, .share = 0.2},
                           {.item = 5, .rating = 4, .share = 0.1}},
                 .rest = 0.35};
  const std::string first(model.items[1]);
  const std::string second(model.items[4]);
  CHECK(sentence(model, why, "X") == "We recommend to you X, because you liked the item " + first +
                                         " and the item " + second + ".");
  // Below the mean what was rated above it speaks for it, and is no reason.
  why.recommended = false;
  why.parts[0].prediction = 2.0;
  why.factors.value = -1.0;
  why.factors.rated[1].rating = 2.0;
  CHECK(sentence(model, why, "X") == "You might not like X, because you did not like the item " +
                                         std::string(model.items[2]) + ".");
  // No share is a tenth of it.
  why.factors.value = -4.0;
  CHECK_THAT(sentence(model, why, "X"),
             EndsWith("mostly because of what people with your taste think of it."));
  // Tags that moved it more come first.
  why.factors.value = -1.0;
  why.has_content = true;
  why.parts[0].weight = 0.5;
  why.parts.push_back({.model = Model::lasso, .prediction = 1.0, .weight = 0.5, .reasons = {}});
  why.speaking_against = {{.index = 5, .coefficient = -3, .value = -3}};
  CHECK(sentence(model, why, "X") ==
        "You might not like X, because there is t5, and because you did not like the item " +
            std::string(model.items[2]) + ".");
  CHECK_THAT(sentence(model, why, "X", {.rated = 0}), !Contains("did not like"));
}

TEST_CASE("without the values of ratings there are no shares", "[explanation]") {
  const FullSampleModel sample;
  TrainedModel older = sample.model();
  older.rated_value = {};
  const Explanation why = explain(older, older.predictors(), 0, 0);
  CHECK_FALSE(why.factors.known);
  CHECK(why.factors.rated.empty());
  CHECK(notable_works(why).empty());
  CHECK(explain(sample.model(), sample.model().predictors(), 0, 0).factors.known);
}

}  // namespace shares_test
