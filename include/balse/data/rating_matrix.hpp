#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "balse/data/ratings.hpp"

namespace balse {

/// Compressed sparse rows: row r holds (index[k], value[k]) for k in start[r] .. start[r+1]-1, in
/// the order of the rating file. 8 bytes a rating.
struct RatingRows {
  std::vector<std::uint64_t> start;  ///< rows + 1
  std::vector<std::uint32_t> index;
  std::vector<float> value;

  std::size_t rows() const { return start.size() - 1; }
  std::size_t count(std::size_t row) const { return start[row + 1] - start[row]; }
  std::span<const std::uint32_t> indices_of(std::size_t row) const {
    return {index.data() + start[row], count(row)};
  }
  std::span<const float> values_of(std::size_t row) const {
    return {value.data() + start[row], count(row)};
  }
};

/// The sparse users x items matrix R of a training set, in both orientations.
struct RatingMatrix {
  RatingRows by_user;  ///< a row per user; indices are items
  RatingRows by_item;  ///< a row per item; indices are users

  std::size_t users() const { return by_user.rows(); }
  std::size_t items() const { return by_item.rows(); }
  std::size_t size() const { return by_user.value.size(); }
};

/// The matrix of those ratings whose position in `ratings` is selected; `selected` is called twice
/// for each position, from two threads. Rows exist for every user and item of `ratings`, selected
/// or not.
RatingMatrix make_rating_matrix(const Ratings& ratings,
                                const std::function<bool(std::size_t)>& selected, int threads);

}  // namespace balse
