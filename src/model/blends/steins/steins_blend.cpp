#include "model/blends/steins/steins_blend.hpp"

#include <cstdio>

namespace balse {
namespace {

class GatedPredictions final : public Blend {
 public:
  explicit GatedPredictions(const Parameters& parameters) {
    const SteinsGate gate = SteinsBlend::gate_of(parameters);
    const auto counts = parameters.counts(SteinsBlend::kCounts);
    unseen_weight_ = gate.weight(0.0);
    weight_.reserve(counts.size());
    for (const std::uint32_t count : counts) {
      weight_.push_back(gate.weight(count));
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
    }
  }

  Parameters finish(const KnownCounts& counts) override {
    const SteinsGate gate = fit_gate(samples_, options_, &summary_);
    Parameters parameters;
    parameters.add(SteinsBlend::kGate, std::vector<double>{gate.slope, gate.offset});
    parameters.add(SteinsBlend::kCounts,
                   std::vector<std::uint32_t>(counts.item.begin(), counts.item.end()));
    return parameters;
  }

 private:
  GateOptions options_;
  GateSummary& summary_;
  GateSamples samples_;
};

}  // namespace

SteinsGate SteinsBlend::gate_of(const Parameters& parameters) {
  const auto gate = parameters.vector(kGate);
  return gate.empty() ? SteinsGate{} : SteinsGate{.slope = gate[0], .offset = gate[1]};
}

std::unique_ptr<BlendFit> SteinsBlend::fit(const Options& options, Summary& summary) {
  return std::make_unique<GateFit>(options, summary);
}

std::unique_ptr<Blend> SteinsBlend::open(const Parameters& parameters) {
  return std::make_unique<GatedPredictions>(parameters);
}

std::vector<Figure> SteinsBlend::describe(const Parameters& parameters) {
  const SteinsGate gate = gate_of(parameters);
  return {{.name = "beta", .value = gate.beta()},
          {.name = "gamma", .value = gate.gamma()},
          {.name = "weight_of_als_for_0_ratings", .value = gate.weight(0)},
          {.name = "weight_of_als_for_100_ratings", .value = gate.weight(100)}};
}

std::string SteinsBlend::learned(std::span<const Summary> folds) {
  double beta = 0.0;
  double gamma = 0.0;
  std::size_t sloped = 0;
  for (const GateSummary& fold : folds) {
    if (fold.gate.slope != 0.0) {
      beta += fold.gate.beta();
      gamma += fold.gate.gamma();
      ++sloped;
    }
  }
  std::string line;
  if (sloped > 0) {
    const auto n = static_cast<double>(sloped);
    char text[100];
    std::snprintf(text, sizeof text, "beta %.3g, gamma %.3g, mean over %zu folds", beta / n,
                  gamma / n, sloped);
    line += text;
  }
  if (sloped < folds.size()) {
    line += (sloped > 0 ? "; " : "") + std::string("the same weight for every count in ") +
            std::to_string(folds.size() - sloped) + " of " + std::to_string(folds.size()) +
            " folds";
  }
  return line;
}

}  // namespace balse
