#pragma once

#include <cstdint>
#include <limits>
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
  std::vector<double> by_tag;                ///< all zero between calls
  std::vector<std::vector<double>> columns;  ///< what the parts of a blend predict
};

/// One addend of a prediction: something of the item, or of the user, times what the block learned.
struct Term {
  enum class Of : std::uint8_t {
    tag,
    user,        ///< how this user rates on the whole
    item,        ///< how this item is rated on the whole
    popularity,  ///< that so many, or so few, have rated the item
    similar,     ///< what the user thinks of items that the same people rate
    style,       ///< what the user thinks of the item's features, as those of its poster
    factors,     ///< what no one has a word for
    cut,         ///< to the range of the ratings
  };
  Of of = Of::tag;
  std::uint32_t index = 0;   ///< of the tag, user or item; 0 of others
  double weight = 1.0;       ///< T_jk of a tag
  double coefficient = 0.0;  ///< P_ik of a tag, the offset of a user or an item
  double value = 0.0;        ///< weight times coefficient
  /// Of what taste() says: the standard deviation of the coefficient; NaN where the block has no
  /// idea.
  double deviation = std::numeric_limits<double>::quiet_NaN();
};

/// What one user has rated, and how.
struct RatedItems {
  std::span<const std::uint32_t> item;
  std::span<const double> value;  ///< by the same position
};

/// What a prediction, before it is cut to a range, is the sum of: `constant` plus the terms, added
/// up in this order. A block whose predictions are no such sum has none.
struct Reasons {
  double constant = 0.0;
  std::vector<Term> terms;
  bool known = false;  ///< whether the block can say

  /// Leaves out what adds nothing.
  void add(const Term& term);
  /// weight times the same of `other`, term by term. Deviations add up: all parts learned from the
  /// same ratings, and err together.
  void add(double weight, const Reasons& other);
  double total() const;
};

/// One predictor of the rating that a user gives an item, fitted on a training set whose indices it
/// shares. Indices beyond those of the training set are users and items never seen.
class Block {
 public:
  virtual ~Block() = default;

  /// On the rating scale. Callable from many threads at once.
  virtual double predict(std::uint32_t user, std::uint32_t item) const = 0;

  /// The same numbers, up to the order of additions, for many items of one user, faster than one by
  /// one where a block can; out has items.size() elements. By default one by one.
  virtual void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                             std::span<double> out, PredictionScratch& scratch) const;

  virtual Fallback fallback(std::uint32_t user, std::uint32_t item) const = 0;

  /// Terms that are zero left out; those of tags in the order of their indices.
  virtual Reasons reasons(std::uint32_t user, std::uint32_t item) const;

  /// What the block knows of a user's taste, by tag, in the order of the tags; values are zero.
  /// `rated` are the items that the user has rated: how sure the block is may depend on them.
  virtual std::vector<Term> taste(std::uint32_t user, std::span<const std::uint32_t> rated) const;

  /// How much of the factors term of reasons() is due to each of the user's ratings, by their
  /// position in `rated`: by how much the term would differ, had that rating been what everybody's
  /// mean, the user and the item lead to expect, the other ratings and all items as they are. The
  /// rest of the term is what is taken of everybody. Empty where the block cannot say.
  virtual std::vector<double> factor_shares(std::uint32_t user, std::uint32_t item,
                                            const RatedItems& rated) const;

  /// The standard deviation of the rating around the prediction; NaN where the block has no idea.
  virtual double deviation(std::uint32_t user, std::uint32_t item) const;
};

}  // namespace balse
