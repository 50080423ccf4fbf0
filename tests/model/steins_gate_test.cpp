#include "balse/model/steins_gate.hpp"

#include <cmath>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

namespace {

double sigma(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

/// Ratings that are a blend of two noisy predictions with the weight of a known gate.
GateSamples blended_samples(double beta, double gamma, double noise, std::uint64_t seed) {
  Random random(seed);
  GateSamples samples;
  for (int k = 0; k < 20000; ++k) {
    const auto count = static_cast<std::uint32_t>(random.below(60));
    const double als = random.normal();
    const double lasso = random.normal();
    const double w = sigma(beta * (count - gamma));
    samples.add(count, als, lasso, w * als + (1.0 - w) * lasso + noise * random.normal());
  }
  return samples;
}

}  // namespace

TEST_CASE("the gate is the paper's formula", "[gate]") {
  const SteinsGate gate{.slope = 0.5, .offset = -1.5};
  CHECK(gate.beta() == 0.5);
  CHECK(gate.gamma() == 3.0);
  CHECK(gate.weight(3.0) == 0.5);
  CHECK(gate.weight(7.0) == Approx(sigma(0.5 * (7.0 - 3.0))));
  CHECK(gate.blend(7.0, 2.0, -1.0) == Approx(sigma(2.0) * 2.0 - (1.0 - sigma(2.0)) * 1.0));
}

TEST_CASE("the grouped loss is the sum of squared errors", "[gate]") {
  Random random(5);
  GateSamples samples;
  const SteinsGate gate{.slope = 0.2, .offset = -1.0};
  double direct = 0.0;
  for (int k = 0; k < 500; ++k) {
    const auto count = static_cast<std::uint32_t>(random.below(20));
    const double als = random.normal();
    const double lasso = random.normal();
    const double rating = random.normal();
    samples.add(count, als, lasso, rating);
    direct += std::pow(gate.blend(count, als, lasso) - rating, 2);
  }
  CHECK(samples.rows() == 500);
  CHECK(samples.loss(gate) == Approx(direct).epsilon(1e-12));
}

TEST_CASE("the optimum finds the gate that made the ratings", "[gate]") {
  const double beta = GENERATE(0.05, 0.4, 3.0);
  const double gamma = GENERATE(0.7, 8.0, 25.0);
  GateSummary summary;
  const SteinsGate gate = fit_gate(blended_samples(beta, gamma, 1e-6, 11), {}, &summary);
  CHECK(gate.beta() == Approx(beta).epsilon(1e-3));
  CHECK(gate.gamma() == Approx(gamma).epsilon(1e-3));
  CHECK(summary.rmse < 1e-4);
}

TEST_CASE("no gate of a fine grid is better than the optimum", "[gate]") {
  const GateSamples samples = blended_samples(0.3, GENERATE(-4.0, 2.0, 30.0), 1.5, 13);
  const double best = samples.loss(fit_gate(samples, {}));
  for (double slope = 0.0; slope <= 6.0; slope += 0.01) {
    for (double gamma = -20.0; gamma <= 80.0; gamma += 0.5) {
      REQUIRE(best <= samples.loss({.slope = slope, .offset = -slope * gamma}) * (1.0 + 1e-9));
    }
  }
}

TEST_CASE("the optimum is never worse than ALS or LASSO alone, nor falls with the count",
          "[gate]") {
  // ALS gets worse with the count: without beta >= 0 the best gate would trust it for unknown
  // items.
  Random random(17);
  GateSamples samples;
  for (int k = 0; k < 5000; ++k) {
    const auto count = static_cast<std::uint32_t>(random.below(50));
    const double rating = random.normal();
    samples.add(count, rating + 0.05 * count * random.normal(), rating + random.normal(), rating);
  }
  GateSummary summary;
  const SteinsGate gate = fit_gate(samples, {}, &summary);
  CHECK(gate.slope >= 0.0);
  CHECK(summary.rmse <= summary.als_rmse);
  CHECK(summary.rmse <= summary.lasso_rmse);
}

TEST_CASE("where one block is always right the gate is constant", "[gate]") {
  GateSamples als_right;
  GateSamples lasso_right;
  for (std::uint32_t count = 0; count < 10; ++count) {
    als_right.add(count, 1.0, -1.0, 1.0);
    lasso_right.add(count, 1.0, -1.0, -1.0);
  }
  CHECK(fit_gate(als_right, {}).weight(0.0) == Approx(1.0));
  CHECK(fit_gate(als_right, {}).weight(9.0) == Approx(1.0));
  CHECK(fit_gate(lasso_right, {}).weight(0.0) == Approx(0.0).margin(1e-12));
  CHECK(fit_gate(lasso_right, {}).weight(9.0) == Approx(0.0).margin(1e-12));
}

TEST_CASE("samples of one count have one weight, and no slope that rounding made up", "[gate]") {
  const std::uint32_t count = GENERATE(0U, 4U);
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    Random random(seed);
    GateSamples samples;
    double linear = 0.0;
    double quadratic = 0.0;
    for (int k = 0; k < 300; ++k) {
      const double als = random.normal();
      const double lasso = random.normal();
      const double rating = 0.4 * als + 0.6 * lasso + random.normal();
      samples.add(count, als, lasso, rating);
      linear += (rating - lasso) * (als - lasso);
      quadratic += (als - lasso) * (als - lasso);
    }
    const SteinsGate gate = fit_gate(samples, {});
    CHECK(gate.slope == 0.0);
    CHECK(gate.weight(count) == Approx(linear / quadratic));  // least squares
  }
}

TEST_CASE("a gate without samples trusts ALS once there are ratings", "[gate]") {
  const SteinsGate gate = fit_gate(GateSamples{}, {});
  CHECK(gate.weight(0.0) < 0.5);
  CHECK(gate.weight(5.0) > 0.9);
}

TEST_CASE("gradient descent is seeded and lowers the loss of its start", "[gate]") {
  const GateSamples samples = blended_samples(0.3, 2.0, 1.0, 19);
  GateOptions options{.method = GateMethod::descent};
  const SteinsGate first = fit_gate(samples, options);
  const SteinsGate again = fit_gate(samples, options);
  CHECK(first.slope == again.slope);
  CHECK(first.offset == again.offset);
  Random random(options.seed);
  const double beta = random.normal();
  const double gamma = random.normal();
  CHECK(samples.loss(first) < samples.loss({.slope = beta, .offset = -beta * gamma}));
  CHECK(samples.loss(fit_gate(samples, {})) <= samples.loss(first));
}
