// How sure a model is of what tags are worth to a user.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <span>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/explanation/reasons.hpp"

#include "model/blocks/mixed/mixed_block.hpp"
#include "model/blocks/vb/vb_block.hpp"
#include "support/sample_model.hpp"

namespace interval_test {

using namespace balse;
using namespace balse::test;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// (L + alpha sum of z z')^-1, z = [1, standardised tags]; with so few tags the components are the
/// tags themselves.
MatrixXd covariance_of(const TrainedModel& model, std::span<const std::uint32_t> rated) {
  const MixedVariant& variant = MixedBlock::kVariant;
  const Parameters& parameters = model.parameters[index_of(Model::mixed)];
  const MatrixView precision = parameters.matrix(variant.precision());
  const MatrixView spread = parameters.matrix(variant.spread());
  const auto n = static_cast<Eigen::Index>(precision.columns);
  MatrixXd system = Eigen::Map<const MatrixXd>(precision.values.data(), n, n);
  for (const std::uint32_t item : rated) {
    VectorXd z = VectorXd::Zero(n);
    const auto tags = model.data.tags->tags_of(item);
    for (std::size_t k = 0; k < tags.size(); ++k) {
      z[1 + tags[k]] = double{model.data.tags->weights_of(item)[k]};
    }
    for (Eigen::Index c = 1; c < n; ++c) {
      const auto column = static_cast<std::size_t>(c);
      z[c] = (z[c] - spread.row(0)[column]) / spread.row(1)[column];
    }
    z[0] = 1.0;
    system += parameters.vector(variant.noise())[0] * z * z.transpose();
  }
  return system.inverse();
}

TEST_CASE("a coefficient's deviation is its posterior's", "[explanation]") {
  const FullSampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  const Parameters& mixed = model.parameters[index_of(Model::mixed)];
  const Parameters& vb = model.parameters[index_of(Model::vb)];
  const MatrixView spread = mixed.matrix(MixedBlock::kVariant.spread());
  REQUIRE(spread.columns == 13);
  for (const std::uint32_t user : {0U, 7U, 29U}) {
    const auto rated = model.rated_by(user);
    const MatrixXd covariance = covariance_of(model, rated);
    const std::vector<Term> of_mixed = predictors.find(Model::mixed)->taste(user, rated);
    CHECK(of_mixed.size() == 12);
    const std::vector<Term> without = predictors.find(Model::mixed)->taste(user, {});
    for (std::size_t k = 0; k < of_mixed.size(); ++k) {
      const Eigen::Index c = 1 + static_cast<Eigen::Index>(of_mixed[k].index);
      CHECK(std::abs(of_mixed[k].deviation -
                     std::sqrt(covariance(c, c)) / spread.row(1)[static_cast<std::size_t>(c)]) <
            1e-9);
      CHECK(of_mixed[k].deviation < without[k].deviation);  // of the prior alone
    }
    const VbArrays& arrays = VbBlock::kVariant.arrays;
    for (const Term& term : predictors.find(Model::vb)->taste(user, rated)) {
      double variance = 0.0;
      const auto row = vb.matrix(arrays.tag_prior()).row(term.index);
      for (std::size_t k = 0; k + 1 < row.size(); ++k) {
        variance += row[k] * row[k] * vb.matrix(arrays.user_variance()).row(user)[k];
      }
      CHECK(std::abs(term.deviation - std::sqrt(variance)) < 1e-9);
    }
    for (const Term& term : predictors.find(Model::lasso)->taste(user, rated)) {
      CHECK(std::isnan(term.deviation));
    }
  }
}

TEST_CASE("a taste counts the user's ratings of items with the tag", "[explanation]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  for (std::uint32_t user = 0; user < 10; ++user) {
    const UserTaste taste = taste_of(model, predictors, user, 100);
    for (const auto* side : {&taste.preferred, &taste.disliked}) {
      for (const TagTaste& one : *side) {
        std::size_t count = 0;
        for (std::size_t row = 0; row < sample.ratings.size(); ++row) {
          const auto tags = model.data.tags->tags_of(sample.ratings.item[row]);
          count += sample.ratings.user[row] == user &&
                           std::find(tags.begin(), tags.end(), one.tag) != tags.end()
                       ? 1
                       : 0;
        }
        CHECK(one.ratings == count);
      }
    }
  }
}

}  // namespace interval_test
