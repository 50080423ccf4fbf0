#pragma once

// The blocks that know nothing but means: what every other one must beat.

#include <memory>
#include <span>
#include <string_view>

#include "balse/model/block.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// r ~ the mean of all training ratings.
struct GlobalMeanBlock {
  using Options = NoOptions;
  using Summary = NoSummary;
  static constexpr std::string_view kName = "global-mean";
  static constexpr std::string_view kTitle = "global mean";
  static constexpr bool kNeedsTags = false;
  static constexpr std::span<const ArraySpec> kArrays = {};

  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
};

/// r ~ the mean of the user's training ratings; of all ratings where they have none.
struct UserMeanBlock {
  using Options = NoOptions;
  using Summary = NoSummary;
  static constexpr std::string_view kName = "user-mean";
  static constexpr std::string_view kTitle = "user mean";
  static constexpr bool kNeedsTags = false;
  static constexpr std::span<const ArraySpec> kArrays = {};

  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
};

}  // namespace balse
