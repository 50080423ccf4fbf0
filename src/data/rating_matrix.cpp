#include "balse/data/rating_matrix.hpp"

#include "balse/support/parallel.hpp"

namespace balse {
namespace {

RatingRows compress(const std::vector<std::uint32_t>& row_of,
                    const std::vector<std::uint32_t>& index_of, const std::vector<float>& value_of,
                    std::size_t rows, const std::function<bool(std::size_t)>& selected) {
  RatingRows result;
  result.start.assign(rows + 1, 0);
  std::vector<bool> chosen(value_of.size());
  for (std::size_t k = 0; k < value_of.size(); ++k) {
    if (selected(k)) {
      chosen[k] = true;
      ++result.start[row_of[k] + 1];
    }
  }
  for (std::size_t row = 0; row < rows; ++row) {
    result.start[row + 1] += result.start[row];
  }
  result.index.resize(result.start[rows]);
  result.value.resize(result.start[rows]);
  std::vector<std::uint64_t> next(result.start.begin(), result.start.end() - 1);
  for (std::size_t k = 0; k < value_of.size(); ++k) {
    if (chosen[k]) {
      const std::uint64_t position = next[row_of[k]]++;
      result.index[position] = index_of[k];
      result.value[position] = value_of[k];
    }
  }
  return result;
}

}  // namespace

RatingMatrix make_rating_matrix(const Ratings& ratings,
                                const std::function<bool(std::size_t)>& selected, int threads) {
  RatingMatrix matrix;
  parallel_ranges(2, 1, threads, [&](std::size_t side, std::size_t) {
    if (side == 0) {
      matrix.by_user =
          compress(ratings.user, ratings.item, ratings.value, ratings.users.size(), selected);
    } else {
      matrix.by_item =
          compress(ratings.item, ratings.user, ratings.value, ratings.items.size(), selected);
    }
  });
  return matrix;
}

}  // namespace balse
