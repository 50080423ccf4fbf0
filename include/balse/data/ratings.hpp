#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/data/id_index.hpp"

namespace balse {

/// All ratings of a file, in its order, at most one for each (user, item). 12 bytes a rating, 20
/// with times.
struct Ratings {
  IdIndex users;
  IdIndex items;
  std::vector<std::uint32_t> user;  ///< index into users
  std::vector<std::uint32_t> item;  ///< index into items
  std::vector<float> value;         ///< on the rating scale
  std::vector<std::int64_t> time;   ///< seconds since 1970; empty unless asked for and there

  /// 0-based numbers of the file's data rows (header and blank lines not counted) that have no
  /// entry above: bad rows that were skipped, unrated ones and duplicates; ascending. Entry k
  /// belongs to the k-th row that is left.
  std::vector<std::uint64_t> dropped_rows;

  std::size_t size() const { return value.size(); }
};

}  // namespace balse
