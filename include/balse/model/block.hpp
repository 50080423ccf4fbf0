#pragma once

#include <cstdint>
#include <string_view>

namespace balse {

/// Why a prediction is not what the block is there for. Every (user, item) gets a prediction all
/// the same.
enum class Fallback : std::uint8_t {
  none,
  unseen_item,  ///< no training rating of this item: collaborative blocks know nothing of it
  unseen_user,  ///< no training rating of this user: the item's mean
  unseen_both,  ///< neither: the global mean
  no_tags,      ///< the item has no tags: LASSO's intercept
};
inline constexpr int kFallbackCount = 5;

std::string_view name_of(Fallback fallback);

/// One predictor of the rating that a user gives an item, fitted on a training set whose indices it
/// shares.
class Block {
 public:
  virtual ~Block() = default;

  /// On the rating scale. Callable from many threads at once.
  virtual double predict(std::uint32_t user, std::uint32_t item) const = 0;

  virtual Fallback fallback(std::uint32_t user, std::uint32_t item) const = 0;
};

}  // namespace balse
