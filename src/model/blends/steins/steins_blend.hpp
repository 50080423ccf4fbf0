#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "balse/model/blend.hpp"
#include "balse/model/steins_gate.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// The Steins gate (balse/model/steins_gate.hpp) as a blend of two parts: LASSO, then ALS.
struct SteinsBlend {
  using Options = GateOptions;
  using Summary = GateSummary;
  static constexpr std::string_view kName = "balse";
  static constexpr std::string_view kTitle = "BALSE";
  static constexpr std::string_view kOptions =
      "gate";  ///< what the names of its options begin with
  static constexpr std::string_view kOptionsTitle = "Steins gate";
  static constexpr std::uint64_t kSeedStream = 2;  ///< of --seed
  static constexpr bool kNeedsTags = true;
  static constexpr std::array<std::string_view, 2> kParts = {"lasso", "als"};
  // One of the two.
  static constexpr ArraySpec kGate = {
      .name = "gate", .length = 2, .optional = true};  ///< slope and offset
  /// Where each level begins, and its weight.
  static constexpr ArraySpec kByCount = {
      .name = "gate.by_count", .axes = {Axis::none, Axis::free}, .length = 2, .optional = true};
  static constexpr ArraySpec kCounts = {.name = "gate.count", .axes = {Axis::item}, .counts = true};
  static constexpr std::array kArrays = {kGate, kByCount, kCounts};

  static SteinsGate gate_of(const Parameters& parameters);
  static CountGate count_gate_of(const Parameters& parameters);  ///< empty: there is a sigmoid
  static std::unique_ptr<BlendFit> fit(const Options& options, Summary& summary);
  static std::unique_ptr<Blend> open(const Parameters& parameters);
  static bool sound(const Parameters& parameters);
  static std::vector<Figure> describe(const Parameters& parameters);
  static std::string learned(std::span<const Summary> folds);
};

}  // namespace balse
