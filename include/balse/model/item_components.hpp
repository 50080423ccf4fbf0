#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/data/id_index.hpp"
#include "balse/data/item_features.hpp"

namespace balse {

/// Features of items as few numbers, which blocks learn from: their leading principal components,
/// learned from some items, without a look at any rating. All are divided by one number, so that
/// the first has variance 1, and what varies little stays little. An item without features is an
/// average one: zeros.
class ItemComponents {
 public:
  static constexpr std::size_t kMost = 50;

  /// Learns from those of `items` that have features.
  ItemComponents(ItemFeatures features, const IdIndex& items);

  /// Of the file, an item.
  std::size_t features() const { return features_.columns; }

  /// Of components; 0 where all items have the same features, or one at most has some.
  std::size_t count() const { return count_; }
  /// It learned from.
  std::size_t items() const { return rows_.size(); }

  /// The first `columns` components of every item; zeros beyond count().
  FeatureMatrix of(const IdIndex& items, std::size_t columns) const;

 private:
  void learn();

  ItemFeatures features_;
  std::vector<std::uint32_t> rows_;  // of the features of the items
  std::size_t count_ = 0;
  std::vector<double> mean_;   // of every feature
  std::vector<double> basis_;  // features x count
};

}  // namespace balse
