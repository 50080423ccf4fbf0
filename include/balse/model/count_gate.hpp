#pragma once

#include <vector>

namespace balse {

/// A gate that is no sigmoid but any weight that does not fall with the number of training ratings
/// R_j of the item: constant levels, each from some count to the one before the next level's.
struct CountGate {
  std::vector<double> from;    ///< the smallest count of each level, ascending
  std::vector<double> weight;  ///< of ALS, by level, in [0, 1]

  bool empty() const { return from.empty(); }
  /// The weight of ALS; below the first level that of the first. There must be a level.
  double weight_at(double item_count) const;
};

}  // namespace balse
