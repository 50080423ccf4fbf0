#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/evaluation/cross_validation.hpp"

namespace balse {

/// One part of the test ratings: those whose item has 3-5 ratings.
struct SliceName {
  std::string by;     ///< "item-count"
  std::string label;  ///< "3-5"
};

/// Cuts test ratings up in several ways at once. Every test rating is in one slice of each:
/// `item-count` and `user-count` (train + validation ratings: 0, 1, 2, 3-5, 6-10, 11-30, 31-100,
/// >100), `rating` (its value; ten equal bins of the scale where there are more than 12 different
/// ones), `tags` (whether the item has any; only where some do), `popularity` (decile of the item
/// among all by train + validation ratings: 1 + floor(10 * the share of items with fewer)).
class Slices {
 public:
  Slices(const Ratings& ratings, bool with_tags);

  const std::vector<SliceName>& names() const { return names_; }
  /// Of the next fold; of all items, by train + validation ratings.
  void set_item_counts(std::span<const std::uint32_t> counts);
  /// The slices that the test rating is in, by their place in names().
  std::span<const std::size_t> of(const TestPrediction& test);

 private:
  void add(const std::string& by, const std::vector<std::string>& labels);
  std::size_t rating_bin(float rating) const;

  std::vector<SliceName> names_;
  std::vector<std::size_t> first_;  ///< of each way to cut
  bool with_tags_;
  std::vector<float> values_;  ///< the different ratings; or, if too many, the ends of the bins
  bool binned_ = false;
  std::vector<std::uint8_t> decile_;  ///< by item, from 0
  std::vector<std::size_t> found_;
};

}  // namespace balse
