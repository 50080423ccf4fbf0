#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

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

/// Memory that predict_items() works in, reused from call to call; one for each thread.
struct PredictionScratch {
  std::vector<double> by_tag;  ///< all zero between calls
  std::vector<double> second;  ///< predictions of the second of two blended blocks
};

/// One predictor of the rating that a user gives an item, fitted on a training set whose indices it
/// shares. Indices beyond those of the training set are users and items never seen.
class Block {
 public:
  virtual ~Block() = default;

  /// On the rating scale. Callable from many threads at once.
  virtual double predict(std::uint32_t user, std::uint32_t item) const = 0;

  /// The same numbers for many items of one user, faster than one by one; out has items.size()
  /// elements.
  virtual void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                             std::span<double> out, PredictionScratch& scratch) const = 0;

  virtual Fallback fallback(std::uint32_t user, std::uint32_t item) const = 0;
};

}  // namespace balse
