#include "model/blends/steins/steins_blend.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <utility>

#include "model/blends/steins/isotonic_gate.hpp"

namespace balse {
namespace {

class GatedPredictions final : public Blend {
 public:
  explicit GatedPredictions(const Parameters& parameters) {
    const SteinsGate sigmoid = SteinsBlend::gate_of(parameters);
    const CountGate by_count = SteinsBlend::count_gate_of(parameters);
    const auto weight_at = [&](double count) {
      return by_count.empty() ? sigmoid.weight(count) : by_count.weight_at(count);
    };
    const auto counts = parameters.counts(SteinsBlend::kCounts);
    unseen_weight_ = weight_at(0.0);
    weight_.reserve(counts.size());
    for (const std::uint32_t count : counts) {
      weight_.push_back(weight_at(count));
    }
  }

  bool uses(std::size_t /*part*/) const override { return true; }

  double weights(std::uint32_t /*user*/, std::uint32_t item, std::span<double> out) const override {
    out[1] = weight_of_als(item);
    out[0] = 1.0 - out[1];
    return 0.0;
  }

  void combine(std::uint32_t /*user*/, std::span<const std::uint32_t> items,
               std::span<const std::span<const double>> columns,
               std::span<double> out) const override {
    const auto lasso = columns[0];
    const auto als = columns[1];
    for (std::size_t k = 0; k < items.size(); ++k) {
      out[k] = lasso[k] + weight_of_als(items[k]) * (als[k] - lasso[k]);
    }
  }

 private:
  double weight_of_als(std::uint32_t item) const {
    return item < weight_.size() ? weight_[item] : unseen_weight_;
  }

  std::vector<double> weight_;  // of ALS, by item
  double unseen_weight_ = 1.0;
};

class GateFit final : public BlendFit {
 public:
  GateFit(const GateOptions& options, GateSummary& summary)
      : options_(options), summary_(summary) {}

  void add(HeldOut how, const PairFacts& facts, std::span<const double> predictions,
           double rating) override {
    if (how == HeldOut::ratings) {
      samples_.add(facts.item_count, predictions[1], predictions[0], rating);
      if (options_.method == GateMethod::by_count) {
        // All ratings of an item in one fold: those of one item err alike, and where a count has
        // few items, ratings of the same ones would make them look like many.
        folds_[facts.item % folds_.size()].add(facts.item_count, predictions[1], predictions[0],
                                               rating);
      }
    }
  }

  Parameters finish(const KnownCounts& counts) override {
    const SteinsGate gate = fit_gate(samples_, options_, &summary_);
    if (options_.method == GateMethod::by_count) {
      fit_by_count(gate);
    }
    Parameters parameters;
    const CountGate& by_count = summary_.by_count;
    if (by_count.empty()) {
      parameters.add(SteinsBlend::kGate, std::vector<double>{gate.slope, gate.offset});
    } else {
      std::vector<double> levels = by_count.from;
      levels.insert(levels.end(), by_count.weight.begin(), by_count.weight.end());
      parameters.add(SteinsBlend::kByCount, std::move(levels), by_count.from.size());
    }
    parameters.add(SteinsBlend::kCounts,
                   std::vector<std::uint32_t>(counts.item.begin(), counts.item.end()));
    return parameters;
  }

 private:
  void fit_by_count(const SteinsGate& sigmoid) {
    summary_.by_count = fit_count_gate(folds_, sigmoid, summary_.prior_rows);
    if (!summary_.by_count.empty()) {
      summary_.sigmoid_rmse = summary_.rmse;
      summary_.rmse = std::sqrt(std::max(0.0, samples_.loss(summary_.by_count)) /
                                static_cast<double>(samples_.rows()));
    }
  }

  GateOptions options_;
  GateSummary& summary_;
  GateSamples samples_;
  std::array<GateSamples, 5> folds_;  // of samples_, for GateMethod::by_count
};

}  // namespace

SteinsGate SteinsBlend::gate_of(const Parameters& parameters) {
  const auto gate = parameters.vector(kGate);
  return gate.empty() ? SteinsGate{} : SteinsGate{.slope = gate[0], .offset = gate[1]};
}

CountGate SteinsBlend::count_gate_of(const Parameters& parameters) {
  const MatrixView levels = parameters.matrix(kByCount);
  CountGate gate;
  if (levels.columns > 0) {
    gate.from.assign(levels.row(0).begin(), levels.row(0).end());
    gate.weight.assign(levels.row(1).begin(), levels.row(1).end());
  }
  return gate;
}

bool SteinsBlend::sound(const Parameters& parameters) {
  const CountGate gate = count_gate_of(parameters);
  const auto not_ascending = [](double a, double b) { return a >= b; };
  const auto& from = gate.from;
  const auto& weight = gate.weight;
  return gate.empty() == !parameters.vector(kGate).empty() &&
         std::adjacent_find(from.begin(), from.end(), not_ascending) == from.end() &&
         std::is_sorted(weight.begin(), weight.end()) &&
         (gate.empty() || (from.front() >= 0.0 && weight.front() >= 0.0 && weight.back() <= 1.0));
}

std::unique_ptr<BlendFit> SteinsBlend::fit(const Options& options, Summary& summary) {
  return std::make_unique<GateFit>(options, summary);
}

std::unique_ptr<Blend> SteinsBlend::open(const Parameters& parameters) {
  return std::make_unique<GatedPredictions>(parameters);
}

std::vector<Figure> SteinsBlend::describe(const Parameters& parameters) {
  const CountGate by_count = count_gate_of(parameters);
  if (!by_count.empty()) {
    return {{.name = "levels", .value = static_cast<double>(by_count.from.size()), .whole = true},
            {.name = "weight_of_als_for_0_ratings", .value = by_count.weight_at(0)},
            {.name = "weight_of_als_for_100_ratings", .value = by_count.weight_at(100)},
            {.name = "level_from", .list = by_count.from},
            {.name = "level_weight", .list = by_count.weight}};
  }
  const SteinsGate gate = gate_of(parameters);
  return {{.name = "beta", .value = gate.beta()},
          {.name = "gamma", .value = gate.gamma()},
          {.name = "weight_of_als_for_0_ratings", .value = gate.weight(0)},
          {.name = "weight_of_als_for_100_ratings", .value = gate.weight(100)}};
}

}  // namespace balse
