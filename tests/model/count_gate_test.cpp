#include "balse/model/count_gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

#include "model/blends/steins/isotonic_gate.hpp"
#include "model/blends/steins/steins_blend.hpp"

using namespace balse;
using Catch::Matchers::Contains;

namespace count_gate_test {
namespace {

struct Row {
  std::uint32_t count;
  double als;
  double lasso;
  double rating;
};

/// Weights that rise, fall and leave [0, 1], with counts that nobody has and others that few have.
std::vector<Row> rough_rows(std::uint64_t seed, int rows = 200) {
  Random random(seed);
  std::vector<double> weight(40);
  for (double& w : weight) {
    w = 0.5 + 0.7 * random.normal();
  }
  std::vector<Row> result;
  for (int k = 0; k < rows; ++k) {
    const auto count = static_cast<std::uint32_t>(random.below(20) * random.below(3));
    const double als = random.normal();
    const double lasso = random.normal();
    const double w = weight[count];
    result.push_back({count, als, lasso, w * als + (1.0 - w) * lasso + 0.5 * random.normal()});
  }
  return result;
}

GateSamples samples_of(const std::vector<Row>& rows) {
  GateSamples samples;
  for (const Row& row : rows) {
    samples.add(row.count, row.als, row.lasso, row.rating);
  }
  return samples;
}

/// What isotonic_gate() minimises, a parabola for each count: mass * (w - target / mass)^2.
struct Parabola {
  double mass = 0.0;
  double target = 0.0;
};

std::map<std::uint32_t, Parabola> parabolas(const std::vector<Row>& rows, const SteinsGate& sigmoid,
                                            double prior_rows) {
  std::map<std::uint32_t, Parabola> by_count;
  double all = 0.0;
  for (const Row& row : rows) {
    const double step = row.als - row.lasso;
    by_count[row.count].mass += step * step;
    by_count[row.count].target += step * (row.rating - row.lasso);
    all += step * step;
  }
  const double prior = prior_rows * all / static_cast<double>(rows.size());
  for (auto& [count, parabola] : by_count) {
    parabola.mass += prior;
    parabola.target += prior * sigmoid.weight(count);
  }
  return by_count;
}

double objective(const std::map<std::uint32_t, Parabola>& by_count, const CountGate& gate) {
  double sum = 0.0;
  for (const auto& [count, parabola] : by_count) {
    const double w = gate.weight_at(count);
    sum += parabola.mass * w * w - 2.0 * parabola.target * w;
  }
  return sum;
}

}  // namespace

TEST_CASE("a level reaches to the next one, and the first one down to 0", "[gate][by-count]") {
  const CountGate gate = {.from = {2, 5, 90}, .weight = {0.25, 0.5, 0.75}};
  for (const auto& [count, weight] :
       {std::pair{0, 0.25}, {2, 0.25}, {4, 0.25}, {5, 0.5}, {89, 0.5}, {90, 0.75}, {9999, 0.75}}) {
    CHECK(gate.weight_at(count) == weight);
  }
}

TEST_CASE("the weights by count are those of the min-max formula", "[gate][by-count]") {
  // Isotonic regression (Robertson, Wright and Dykstra, 1988):
  //     w_k = max over i <= k of min over j >= k of the mean of i .. j.
  const double prior_rows = GENERATE(0.0, 2.0, 50.0);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const std::vector<Row> rows = rough_rows(seed);
    const SteinsGate sigmoid{.slope = 0.1, .offset = -1.0};
    const CountGate gate = isotonic_gate(samples_of(rows), sigmoid, prior_rows);
    const auto by_count = parabolas(rows, sigmoid, prior_rows);
    const std::vector<std::pair<std::uint32_t, Parabola>> counts(by_count.begin(), by_count.end());
    for (std::size_t k = 0; k < counts.size(); ++k) {
      double largest = -std::numeric_limits<double>::infinity();
      for (std::size_t i = 0; i <= k; ++i) {
        double smallest = std::numeric_limits<double>::infinity();
        Parabola sum;
        for (std::size_t j = i; j < counts.size(); ++j) {
          sum.mass += counts[j].second.mass;
          sum.target += counts[j].second.target;
          smallest = j < k ? smallest : std::min(smallest, sum.target / sum.mass);
        }
        largest = std::max(largest, smallest);
      }
      REQUIRE(gate.weight_at(counts[k].first) ==
              Approx(std::clamp(largest, 0.0, 1.0)).margin(1e-12));
    }
  }
}

TEST_CASE("no weights of a grid that do not fall are better", "[gate][by-count]") {
  constexpr std::size_t kGrid = 201;  // weights 0, 0.005 ... 1
  const double prior_rows = GENERATE(0.0, 5.0);
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    const std::vector<Row> rows = rough_rows(100 + seed);
    const SteinsGate sigmoid{.slope = 0.3, .offset = -2.0};
    const auto by_count = parabolas(rows, sigmoid, prior_rows);
    // best[g]: of all counts so far, with weights of at most the g-th of the grid.
    std::array<double, kGrid> best = {};
    double curvature = 0.0;
    for (const auto& [count, parabola] : by_count) {
      double least = std::numeric_limits<double>::infinity();
      for (std::size_t g = 0; g < kGrid; ++g) {
        const double w = static_cast<double>(g) / (kGrid - 1);
        least = std::min(least, best[g] + parabola.mass * w * w - 2.0 * parabola.target * w);
        best[g] = least;
      }
      curvature += parabola.mass;
    }
    const double found = objective(by_count, isotonic_gate(samples_of(rows), sigmoid, prior_rows));
    CHECK(found <= best.back() + 1e-9);
    // Rounding the optimum to the grid does not make it fall, and costs but the square of a step;
    // where it was cut to the interval it is on the grid.
    CHECK(found >= best.back() - curvature * std::pow(1.0 / (kGrid - 1), 2));
  }
}

TEST_CASE("the weights by count do not fall, and lie in [0, 1]", "[gate][by-count]") {
  const double prior_rows = GENERATE(0.0, 1.0, 100.0);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const GateSamples samples = samples_of(rough_rows(200 + seed));
    const CountGate gate = isotonic_gate(samples, fit_gate(samples, {}), prior_rows);
    REQUIRE(gate.from.size() == gate.weight.size());
    REQUIRE_FALSE(gate.empty());
    CHECK(gate.weight.front() >= 0.0);
    CHECK(gate.weight.back() <= 1.0);
    for (std::size_t k = 1; k < gate.from.size(); ++k) {
      CHECK(gate.from[k] > gate.from[k - 1]);
      CHECK(gate.weight[k] > gate.weight[k - 1]);
    }
  }
}

TEST_CASE("weights by count are never worse on validation than the sigmoid they are drawn to",
          "[gate][by-count]") {
  const double prior_rows = GENERATE(0.0, 0.5, 10.0, 1e6);
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const GateSamples samples = samples_of(rough_rows(300 + seed));
    const SteinsGate sigmoid = fit_gate(samples, {});
    const CountGate gate = isotonic_gate(samples, sigmoid, prior_rows);
    CHECK(samples.loss(gate) <= samples.loss(sigmoid) * (1.0 + 1e-12));
    if (prior_rows == 1e6) {
      for (std::uint32_t count = 0; count < samples.groups().size(); ++count) {
        if (samples.groups()[count].rows > 0) {
          CHECK(gate.weight_at(count) == Approx(sigmoid.weight(count)).margin(1e-3));
        }
      }
    }
  }
}

TEST_CASE("the grouped loss of weights by count is the sum of squared errors", "[gate][by-count]") {
  const CountGate gate = {.from = {0, 3, 9}, .weight = {0.1, 0.4, 0.9}};
  const std::vector<Row> rows = rough_rows(7);
  GateSamples halves;
  GateSamples second;
  double direct = 0.0;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const Row& row = rows[k];
    const double w = row.count < 3 ? 0.1 : row.count < 9 ? 0.4 : 0.9;
    direct += std::pow(w * row.als + (1.0 - w) * row.lasso - row.rating, 2);
    (k % 2 == 0 ? halves : second).add(row.count, row.als, row.lasso, row.rating);
  }
  CHECK(samples_of(rows).loss(gate) == Approx(direct).epsilon(1e-12));
  halves.add(second);
  CHECK(halves.rows() == rows.size());
  CHECK(halves.loss(gate) == Approx(direct).epsilon(1e-12));
}

TEST_CASE("cross-validation trusts counts where there are many ratings, the sigmoid where few",
          "[gate][by-count]") {
  // Two steps, which no sigmoid of the count is: 0.2, 0.5, then 0.9.
  const auto step = [](std::uint32_t count) { return count < 2 ? 0.2 : count < 30 ? 0.5 : 0.9; };
  const auto folds_of = [](int rows, double noise, const auto& weight) {
    Random random(23);
    std::array<GateSamples, 5> folds;
    for (int k = 0; k < rows; ++k) {
      const auto count = static_cast<std::uint32_t>(random.below(60));
      const double als = random.normal();
      const double lasso = random.normal();
      const double w = weight(count);
      folds[static_cast<std::size_t>(k) % 5].add(
          count, als, lasso, w * als + (1.0 - w) * lasso + noise * random.normal());
    }
    return folds;
  };
  const auto fit = [](const std::array<GateSamples, 5>& folds, SteinsGate& sigmoid,
                      double& prior_rows) {
    GateSamples all;
    for (const GateSamples& fold : folds) {
      all.add(fold);
    }
    sigmoid = fit_gate(all, {});
    return fit_count_gate(folds, sigmoid, prior_rows);
  };
  SteinsGate sigmoid;
  double prior_rows = -1.0;
  const CountGate steps = fit(folds_of(60'000, 0.1, step), sigmoid, prior_rows);
  CHECK(prior_rows <= 3.0);
  for (const std::uint32_t count : {0U, 1U, 2U, 15U, 29U, 30U, 59U}) {
    CHECK(steps.weight_at(count) == Approx(step(count)).margin(0.02));
  }
  // A sigmoid under much noise: what single counts say is noise.
  const auto smooth = [](std::uint32_t count) { return 1.0 / (1.0 + std::exp(2.0 - 0.1 * count)); };
  const CountGate drawn = fit(folds_of(600, 2.0, smooth), sigmoid, prior_rows);
  CHECK(prior_rows >= 100.0);
  for (std::uint32_t count = 0; count < 60; ++count) {
    CHECK(drawn.weight_at(count) == Approx(sigmoid.weight(count)).margin(0.1));
  }
}

TEST_CASE("where no count tells ALS from LASSO there are no weights by count", "[gate][by-count]") {
  GateSamples alike;
  alike.add(3, 1.5, 1.5, 1.0);
  CHECK(isotonic_gate(alike, fit_gate(alike, {}), 10.0).empty());
  CHECK(isotonic_gate({}, fit_gate({}, {}), 10.0).empty());
  double prior_rows = 0.0;
  const std::array<GateSamples, 5> folds = {alike};
  CHECK(fit_count_gate(folds, fit_gate(alike, {}), prior_rows).empty());
}

TEST_CASE("eval says what weights by count were learned", "[gate][by-count]") {
  std::vector<GateSummary> folds(2);
  folds[0].by_count = {.from = {0, 1, 50}, .weight = {0.1, 0.25, 0.5}};
  folds[1].by_count = {.from = {1, 10}, .weight = {0.3, 0.7}};
  CHECK(SteinsBlend::learned(folds) ==
        "by count, ALS weighs 0.2 at 0 ratings, 0.275 at 1, 0.475 at 10, mean over 2 folds");
  CHECK_THAT(SteinsBlend::learned(std::vector<GateSummary>(3)),
             Contains("the same weight for every count in 3 of 3 folds"));
}

}  // namespace count_gate_test
