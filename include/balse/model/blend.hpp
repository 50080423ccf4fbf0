#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "balse/model/parameters.hpp"

namespace balse {

/// What a blend may look at besides the predictions of its parts.
struct PairFacts {
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  std::uint32_t item_count = 0;  ///< R_j: training ratings of the item
  std::uint32_t user_count = 0;  ///< of the user
  /// Of the first part that was held out for: the standard deviation that it expects; may be NaN.
  double deviation = 0.0;
};

/// What was held out, for blends to learn from.
enum class HeldOut : std::uint8_t {
  ratings,  ///< drawn at random: what is unseen is obscure
  items,    ///< all ratings of an item: it is new
};

/// Ratings that blocks know, when a blend predicts.
struct KnownCounts {
  std::span<const std::uint32_t> item;
  std::span<const std::uint32_t> user;
};

/// As many parts as a blend may have: those who call it hold their predictions on the stack.
inline constexpr std::size_t kMostParts = 16;

/// Blends the predictions of several blocks, its parts: a fitted blend.
///     prediction = p_0 + offset + sum over the other parts m of w_m (p_m - p_0)
/// with weights that may depend on user and item and may be negative; p_0 weighs what is left of 1.
class Blend {
 public:
  virtual ~Blend() = default;

  /// Whether it looks at what part m predicts. If not, the part need not be there.
  virtual bool uses(std::size_t part) const = 0;

  /// Whether what it predicts is explained as a whole, by what all parts say, and not by its parts
  /// one by one.
  virtual bool adds_up() const { return false; }

  /// The factor of the deviation that part `part` expects, for the blend's prediction of a pair;
  /// NaN where the blend knows none.
  virtual double deviation_factor(std::uint32_t user, std::uint32_t item, std::size_t& part) const;

  /// Weights of all parts, in their order, for one pair; returns the offset.
  virtual double weights(std::uint32_t user, std::uint32_t item, std::span<double> out) const = 0;

  /// Blends what the parts predict for items of one user: columns[m][k] for items[k]; empty for a
  /// part that is not there.
  virtual void combine(std::uint32_t user, std::span<const std::uint32_t> items,
                       std::span<const std::span<const double>> columns,
                       std::span<double> out) const = 0;
};

/// Learns a blend from what its parts, fitted without the validation ratings, predict for them.
class BlendFit {
 public:
  virtual ~BlendFit() = default;

  /// One rating that was held out, and what the parts predict for it, in their order; NaN for a
  /// part that is not there.
  virtual void add(HeldOut how, const PairFacts& facts, std::span<const double> predictions,
                   double rating) = 0;

  /// `counts` are those that the blend sees when it predicts.
  virtual Parameters finish(const KnownCounts& counts) = 0;
};

}  // namespace balse
