#pragma once

#include <array>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include "balse/model/baselines.hpp"
#include "balse/model/block.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// The user + item bias baseline (balse/model/baselines.hpp) as a block.
struct BiasBlock {
  using Options = BiasOptions;
  using Summary = NoSummary;
  static constexpr std::string_view kName = "bias";
  static constexpr std::string_view kTitle = "user+item bias";
  static constexpr bool kNeedsTags = false;
  static constexpr ArraySpec kUserOffset = {.name = "bias.user", .axes = {Axis::user}};
  static constexpr ArraySpec kItemOffset = {.name = "bias.item", .axes = {Axis::item}};
  static constexpr std::array kArrays = {kUserOffset, kItemOffset};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static Parameters fold_in(const Parameters& parameters, const FoldInSet& set,
                            const Options& options);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

}  // namespace balse
