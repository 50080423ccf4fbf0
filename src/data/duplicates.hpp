#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/ratings_reader.hpp"

namespace balse {

/// Two entries with the same user and item, as positions in Ratings.
struct DuplicatePair {
  std::size_t first;
  std::size_t second;
};

/// The first entry of `ratings` that repeats an earlier one, and that earlier one.
std::optional<DuplicatePair> find_duplicate(const Ratings& ratings);

/// Entries from one on that rate what entries before it rate.
struct SharedPairs {
  DuplicatePair first = {};  ///< undefined where there are none
  std::size_t count = 0;     ///< entries from there on
};
SharedPairs find_shared_pairs(const Ratings& ratings, std::size_t begin);

/// Leaves one entry for each (user, item) as `mode` (not Duplicates::error) says and adds the
/// others to dropped_rows; returns how many these are. Takes 4 bytes a rating on the way, none
/// where the file is grouped by user. At most 2^32 - 1 entries.
std::uint64_t drop_duplicates(Ratings& ratings, Duplicates mode);

/// Leaves out the entries that are marked, of as many as there are, and adds them to dropped_rows;
/// users and items keep their indices.
void drop_entries(Ratings& ratings, const std::vector<bool>& dropped);

}  // namespace balse
