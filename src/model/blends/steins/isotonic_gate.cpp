#include "model/blends/steins/isotonic_gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <vector>

namespace balse {
namespace {

/// Neighbouring counts that share a weight: the mean of their targets.
struct Pool {
  double from = 0.0;  // the smallest count
  double mass = 0.0;
  double target = 0.0;  // times mass
  double mean() const { return target / mass; }
};

GateSamples all_but(std::span<const GateSamples> folds, std::size_t left_out) {
  GateSamples rest;
  for (std::size_t k = 0; k < folds.size(); ++k) {
    if (k != left_out) {
      rest.add(folds[k]);
    }
  }
  return rest;
}

}  // namespace

CountGate isotonic_gate(const GateSamples& samples, const SteinsGate& sigmoid, double prior_rows) {
  double quadratic = 0.0;
  for (const GateSamples::Group& group : samples.groups()) {
    quadratic += group.quadratic;
  }
  const double prior =
      samples.rows() == 0 ? 0.0 : prior_rows * quadratic / static_cast<double>(samples.rows());
  // Pool adjacent violators: for each count the loss is a parabola whose minimum is the target, so
  // that counts in the wrong order have one weight, the mean of theirs.
  std::vector<Pool> pools;
  const auto& groups = samples.groups();
  for (std::size_t count = 0; count < groups.size(); ++count) {
    const GateSamples::Group& group = groups[count];
    if (!(group.quadratic > 0.0)) {
      continue;
    }
    const auto r = static_cast<double>(count);
    pools.push_back({.from = r,
                     .mass = group.quadratic + prior,
                     .target = -group.linear + prior * sigmoid.weight(r)});
    while (pools.size() > 1 && pools[pools.size() - 2].mean() >= pools.back().mean()) {
      const Pool last = pools.back();
      pools.pop_back();
      pools.back().mass += last.mass;
      pools.back().target += last.target;
    }
  }
  // Cutting the best weights to an interval leaves the best of those within.
  CountGate gate;
  for (const Pool& pool : pools) {
    const double weight = std::clamp(pool.mean(), 0.0, 1.0);
    if (gate.empty() || weight > gate.weight.back()) {
      gate.from.push_back(pool.from);
      gate.weight.push_back(weight);
    }
  }
  return gate;
}

CountGate fit_count_gate(std::span<const GateSamples> folds, const SteinsGate& sigmoid,
                         double& prior_rows) {
  // From the strongest on, so that of equals the one nearest to the sigmoid is taken.
  constexpr std::array kPriorRows = {1000.0, 300.0, 100.0, 30.0, 10.0, 3.0, 0.0};
  std::array<double, kPriorRows.size()> losses = {};
  for (std::size_t k = 0; k < folds.size(); ++k) {
    const GateSamples rest = all_but(folds, k);
    const SteinsGate of_rest = fit_gate(rest, {});
    for (std::size_t p = 0; p < kPriorRows.size(); ++p) {
      const CountGate gate = isotonic_gate(rest, of_rest, kPriorRows[p]);
      losses[p] += gate.empty() ? folds[k].loss(of_rest) : folds[k].loss(gate);
    }
  }
  prior_rows = kPriorRows[static_cast<std::size_t>(std::min_element(losses.begin(), losses.end()) -
                                                   losses.begin())];
  return isotonic_gate(all_but(folds, folds.size()), sigmoid, prior_rows);
}

}  // namespace balse
