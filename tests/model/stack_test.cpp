#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

#include "model/blends/stack/stack_blend.hpp"

using namespace balse;

namespace {

constexpr std::size_t kRatedParts = StackBlend::kParts.size();
constexpr std::size_t kStackParts = kRatedParts + StackBlend::kNewItemParts.size();
constexpr double kNoPrediction = std::numeric_limits<double>::quiet_NaN();

struct StackRow {
  PairFacts facts;
  std::array<double, kStackParts> predictions;
  double rating;
};

std::vector<StackRow> random_stack_rows(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<StackRow> rows;
  for (std::size_t k = 0; k < count; ++k) {
    StackRow row = {.facts = {.user = static_cast<std::uint32_t>(random.below(5)),
                              .item = static_cast<std::uint32_t>(random.below(6)),
                              .item_count = static_cast<std::uint32_t>(random.below(5)),
                              .user_count = static_cast<std::uint32_t>(random.below(50)),
                              .deviation = 1.0},
                    .predictions = {},
                    .rating = random.normal()};
    for (double& prediction : row.predictions) {
      prediction = 0.5 * row.rating + random.normal();
    }
    rows.push_back(row);
  }
  return rows;
}

std::array<double, 5> h_of(const PairFacts& facts) {
  const double item = (std::log1p(static_cast<double>(facts.item_count)) - 3.0) / 1.5;
  const double user = (std::log1p(static_cast<double>(facts.user_count)) - 4.0) / 1.3;
  return {1.0, item, user, facts.item_count == 0 ? 1.0 : 0.0,
          facts.item_count == 1 || facts.item_count == 2 ? 1.0 : 0.0};
}

}  // namespace

TEST_CASE("the stack is a ridge regression on all rows", "[stack]") {
  const std::vector<StackRow> rows = random_stack_rows(400, 3);
  StackSummary summary;
  const auto fit = StackBlend::fit({}, summary);
  constexpr Eigen::Index kWidth = 5 * kRatedParts;
  Eigen::MatrixXd x(400, kWidth);
  Eigen::VectorXd y(400);
  for (Eigen::Index k = 0; k < 400; ++k) {
    const StackRow& row = rows[static_cast<std::size_t>(k)];
    fit->add(HeldOut::ratings, row.facts, row.predictions, row.rating);
    const auto h = h_of(row.facts);
    for (std::size_t m = 0; m < kRatedParts; ++m) {
      for (std::size_t f = 0; f < 5; ++f) {
        x(k, static_cast<Eigen::Index>(m * 5 + f)) =
            h[f] * (m == 0 ? 1.0 : row.predictions[m] - row.predictions[0]);
      }
    }
    y[k] = row.rating - row.predictions[0];
  }
  const std::vector<std::uint32_t> item_counts = {0, 1, 2, 3, 4, 9};
  const std::vector<std::uint32_t> user_counts = {0, 1, 7, 20, 50};
  const Parameters parameters = fit->finish({.item = item_counts, .user = user_counts});
  CHECK((summary.ridge == 3.0 || summary.ridge == 30.0 || summary.ridge == 300.0));
  const Eigen::VectorXd theta =
      (x.transpose() * x + summary.ridge * Eigen::MatrixXd::Identity(kWidth, kWidth))
          .ldlt()
          .solve(x.transpose() * y);
  const auto blend = StackBlend::open(parameters);
  std::vector<double> weights(kStackParts);
  for (std::uint32_t user = 0; user < 6; ++user) {
    for (std::uint32_t item = 0; item < 7; ++item) {
      const auto h = h_of({.item_count = item < 6 ? item_counts[item] : 0,
                           .user_count = user < 5 ? user_counts[user] : 0});
      const double offset = blend->weights(user, item, weights);
      double rest = 1.0;
      for (std::size_t m = 0; m < kRatedParts; ++m) {
        double expected = 0.0;
        for (std::size_t f = 0; f < 5; ++f) {
          expected += h[f] * theta[static_cast<Eigen::Index>(m * 5 + f)];
        }
        if (m == 0) {
          CHECK(offset == Approx(expected).margin(1e-10));
        } else {
          CHECK(weights[m] == Approx(expected).margin(1e-10));
          rest -= weights[m];
        }
      }
      CHECK(weights[0] == Approx(rest).margin(1e-12));
      CHECK(weights[kRatedParts] == 0.0);
      CHECK(weights[kRatedParts + 1] == 0.0);
    }
  }
  CHECK_FALSE(blend->uses(kRatedParts));
}

TEST_CASE("items without ratings go by what was learned from items held out whole", "[stack]") {
  StackSummary summary;
  const auto fit = StackBlend::fit({}, summary);
  for (StackRow row : random_stack_rows(300, 4)) {
    fit->add(HeldOut::ratings, row.facts, row.predictions, row.rating);
    std::fill_n(row.predictions.begin(), kRatedParts, kNoPrediction);
    fit->add(HeldOut::items, row.facts, row.predictions, row.rating);
  }
  const std::vector<std::uint32_t> item_counts = {0, 1};
  const std::vector<std::uint32_t> user_counts = {10};
  const auto blend = StackBlend::open(fit->finish({.item = item_counts, .user = user_counts}));
  CHECK(summary.ratings == 300);
  CHECK(summary.new_items == 300);
  std::vector<double> weights(kStackParts);
  for (const std::uint32_t item : {0u, 5u}) {  // no rating; not even in the training set
    blend->weights(0, item, weights);
    for (std::size_t m = 0; m < kRatedParts; ++m) {
      CHECK(weights[m] == 0.0);
    }
    CHECK(weights[kRatedParts] + weights[kRatedParts + 1] == Approx(1.0));
    CHECK(weights[kRatedParts + 1] != 0.0);
  }
  blend->weights(0, 1, weights);
  CHECK(weights[0] != 0.0);
  CHECK(weights[kRatedParts] == 0.0);
}

TEST_CASE("what was learned of new items alone says nothing of rated ones", "[stack]") {
  StackSummary summary;
  const auto fit = StackBlend::fit({}, summary);
  for (StackRow row : random_stack_rows(100, 5)) {
    std::fill_n(row.predictions.begin(), kRatedParts, kNoPrediction);
    fit->add(HeldOut::items, row.facts, row.predictions, row.rating);
  }
  const std::vector<std::uint32_t> item_counts = {4};
  const auto blend = StackBlend::open(fit->finish({.item = item_counts, .user = {}}));
  std::vector<double> weights(kStackParts);
  CHECK(blend->weights(0, 0, weights) == 0.0);
  CHECK(weights[0] == 1.0);
}

TEST_CASE("a stack of nothing is its first part", "[stack]") {
  StackSummary summary;
  const auto fit = StackBlend::fit({}, summary);
  const auto blend = StackBlend::open(fit->finish({}));
  std::vector<double> weights(kStackParts);
  CHECK(blend->weights(0, 0, weights) == 0.0);
  CHECK(weights[0] == 1.0);
  for (std::size_t m = 0; m < kStackParts; ++m) {
    CHECK(blend->uses(m) == (m == 0));
  }
}
