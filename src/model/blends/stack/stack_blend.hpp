#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/model/blend.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

struct StackOptions {
  /// Of the weights for new items; those for rated ones choose theirs by cross-validation.
  double new_item_ridge = 30.0;

  void visit(FieldVisitor& visitor) {
    visitor.enter({"stack", "BALSE+ stack"});
    visitor.number({"new-item-ridge", "Ridge of the weights for items without ratings"},
                   {0.0, 1e12, true}, new_item_ridge);
  }
};

struct StackSummary {
  double ridge = 0.0;            ///< of the weights for rated items, chosen by cross-validation
  std::size_t ratings = 0;       ///< that weights for rated items were learned from
  std::size_t new_items = 0;     ///< ratings of items held out whole
  double validation_rmse = 0.0;  ///< on the former, by cross-validation
  double new_items_rmse = 0.0;   ///< on the latter
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const { return {}; }

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("ridge", ridge);
    visitor("ratings", ratings);
    visitor("new_items", new_items);
    visitor("validation_rmse", validation_rmse);
    visitor("new_items_rmse", new_items_rmse);
    visitor("seconds", seconds);
  }
};

/// BALSE+: feature-weighted linear stacking (Sill, Takacs, Mackey, Lin 2009). For an item that
/// somebody has rated
///     p = p_0 + theta . [h, h (p_m - p_0) for every further part m],
/// where h looks at the numbers of ratings of item and user; theta is a ridge regression on
/// validation ratings. For an item without ratings the same with other parts and weights, learned
/// from items held out whole; where there are none, as for rated ones.
struct StackBlend {
  using Options = StackOptions;
  using Summary = StackSummary;
  static constexpr std::string_view kName = "balse-plus";
  static constexpr std::string_view kTitle = "BALSE+";
  static constexpr std::string_view kOptions = "stack";
  static constexpr std::string_view kOptionsTitle = "BALSE+ stack";
  static constexpr bool kNeedsTags = false;  // without them it is its first part
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::array<std::string_view, 6> kParts = {"vb",  "mixed-bias", "mixed-similar",
                                                             "als", "lasso",      "bias"};
  static constexpr std::array<std::string_view, 2> kNewItemParts = {"mixed", "vb-new"};
  static constexpr std::size_t kFeatures = 5;     // of h, for rated items
  static constexpr std::size_t kNewFeatures = 2;  // for new ones
  static constexpr ArraySpec kRated = {.name = "stack.rated", .length = kFeatures * kParts.size()};
  static constexpr ArraySpec kNew = {.name = "stack.new",
                                     .length = kNewFeatures * kNewItemParts.size()};
  static constexpr ArraySpec kUses = {.name = "stack.uses",
                                      .length = kParts.size() + kNewItemParts.size()};
  /// What the deviation of the first part that has one must be multiplied by: for rated items, for
  /// new ones.
  static constexpr ArraySpec kDeviation = {.name = "stack.deviation", .length = 2};
  static constexpr ArraySpec kItemCounts = {
      .name = "stack.item_count", .axes = {Axis::item}, .counts = true};
  static constexpr ArraySpec kUserCounts = {
      .name = "stack.user_count", .axes = {Axis::user}, .counts = true};
  static constexpr std::array kArrays = {kRated, kNew, kUses, kDeviation, kItemCounts, kUserCounts};

  static std::unique_ptr<BlendFit> fit(const Options& options, Summary& summary);
  static std::unique_ptr<Blend> open(const Parameters& parameters);
};

}  // namespace balse
