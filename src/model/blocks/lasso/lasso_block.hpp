#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "balse/model/block.hpp"
#include "balse/model/lasso.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// One LASSO a user on the tags (balse/model/lasso.hpp) as a block.
struct LassoBlock {
  using Options = LassoOptions;
  using Summary = LassoSummary;
  static constexpr std::string_view kName = "lasso";
  static constexpr std::string_view kTitle = "LASSO";
  static constexpr bool kNeedsTags = true;
  static constexpr bool kClipped = true;
  static constexpr std::string_view kEffort = "steps";
  static constexpr ArraySpec kCoefficients = {.name = "lasso.coefficient",
                                              .axes = {Axis::user, Axis::tag},
                                              .start = "lasso.start",
                                              .index = "lasso.tag"};
  static constexpr ArraySpec kIntercept = {.name = "lasso.intercept", .axes = {Axis::user}};
  static constexpr std::array kArrays = {kCoefficients, kIntercept};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static Parameters fold_in(const Parameters& parameters, const FoldInSet& set,
                            const Options& options);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
  static std::string learned(std::span<const Summary> folds);
};

}  // namespace balse
