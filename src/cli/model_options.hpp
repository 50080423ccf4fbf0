#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "balse/data/rating_scale.hpp"
#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/splits.hpp"

#include "choices.hpp"

namespace balse::cli {

/// The options of every command that fits models: a preset, then what was given on the command
/// line.
class ModelOptions {
 public:
  void declare(CLI::App& app);

  /// The notebook that made Table I also counted "little-known" and split in its own way.
  bool notebook() const { return preset_.value() == Preset::notebook; }

  /// Throws Error(usage) for values that make no sense.
  CrossValidationOptions resolve(const RatingScale& scale, std::uint64_t seed, int threads) const;

 private:
  enum class Preset { paper, notebook };

  void declare_als(CLI::App& app);
  void declare_lasso(CLI::App& app);
  void declare_gate(CLI::App& app);
  void apply_preset(CrossValidationOptions& options) const;

  Choice<Preset> preset_{{"paper", Preset::paper}, {"notebook", Preset::notebook}};
  std::optional<int> rank_;
  std::optional<double> lambda_;
  std::optional<int> iterations_;
  Choice<AlsCentring> centring_{{"user", AlsCentring::user_mean},
                                {"global", AlsCentring::global_mean},
                                {"none", AlsCentring::none}};
  Choice<AlsWeighting> weighting_{{"by-count", AlsWeighting::by_count},
                                  {"plain", AlsWeighting::plain}};
  Choice<AlsUnseen> unseen_{{"zero", AlsUnseen::zero}, {"initial", AlsUnseen::initial}};
  std::optional<double> alpha_;
  Choice<bool> intercept_{{"yes", true}, {"no", false}};
  Choice<TagScaling> scaling_{{"raw", TagScaling::raw}, {"sd", TagScaling::standard_deviation}};
  std::optional<double> relative_gap_;
  Choice<GateMethod> gate_{{"optimum", GateMethod::optimum}, {"descent", GateMethod::descent}};
  Choice<GateCounts> gate_counts_{{"train+validation", GateCounts::train_and_validation},
                                  {"train", GateCounts::train}};
  std::optional<double> gate_rate_;
  std::optional<double> gate_decay_;
  std::optional<int> gate_steps_;
  Choice<Clip> clip_{{"lasso", Clip::lasso}, {"all", Clip::all}, {"none", Clip::none}};
  std::string clip_range_;
  Choice<UnseenUsers> unseen_users_{{"item-mean", UnseenUsers::item_mean},
                                    {"zero", UnseenUsers::zero}};
  Choice<bool> refit_{{"yes", true}, {"no", false}};
};

}  // namespace balse::cli
