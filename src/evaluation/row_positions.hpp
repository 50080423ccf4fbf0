#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "balse/data/ratings.hpp"

namespace balse {

/// File row numbers -> positions in `ratings`: rows that were dropped when reading have none.
class RowPositions {
 public:
  explicit RowPositions(const Ratings& ratings) : ratings_(ratings) {}

  static constexpr std::size_t kDropped = SIZE_MAX;
  std::size_t file_rows() const { return ratings_.size() + ratings_.dropped_rows.size(); }
  std::size_t operator[](std::uint64_t row) const {
    const auto& dropped = ratings_.dropped_rows;
    const auto place = std::lower_bound(dropped.begin(), dropped.end(), row);
    return place != dropped.end() && *place == row ? kDropped : row - (place - dropped.begin());
  }
  /// The other way round.
  std::uint64_t row_of(std::size_t position) const {
    const auto& dropped = ratings_.dropped_rows;
    std::size_t before = 0;  // how many of the dropped rows come before
    for (std::size_t last = dropped.size(); before < last;) {
      const std::size_t middle = before + (last - before) / 2;
      if (dropped[middle] - middle <= position) {
        before = middle + 1;
      } else {
        last = middle;
      }
    }
    return position + before;
  }

 private:
  const Ratings& ratings_;
};

}  // namespace balse
