#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "balse/model/als.hpp"
#include "balse/model/block.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// ALS-WR (balse/model/als.hpp) as a block.
struct AlsBlock {
  using Options = AlsOptions;
  using Summary = AlsSummary;
  static constexpr std::string_view kName = "als";
  static constexpr std::string_view kTitle = "ALS";
  static constexpr bool kNeedsTags = false;
  static constexpr std::uint64_t kSeedStream = 1;  ///< of --seed
  static constexpr std::string_view kEffort = "iterations";
  static constexpr ArraySpec kUserFactors = {.name = "als.user_factors",
                                             .axes = {Axis::user, Axis::latent}};
  static constexpr ArraySpec kItemFactors = {.name = "als.item_factors",
                                             .axes = {Axis::item, Axis::latent}};
  static constexpr ArraySpec kUserOffset = {.name = "als.user_offset", .axes = {Axis::user}};
  static constexpr std::array kArrays = {kUserFactors, kItemFactors, kUserOffset};

  /// The random factors that a fit starts from where there are no others.
  static Parameters initial(const Extents& extents, const Options& options);
  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static Parameters fold_in(const Parameters& parameters, const FoldInSet& set,
                            const Options& options);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

}  // namespace balse
