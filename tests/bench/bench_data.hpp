#pragma once

#include <string>

#include "balse/data/ratings_reader.hpp"
#include "balse/evaluation/splits.hpp"

namespace balse::bench {

struct BenchData {
  Ratings ratings;
  RatingMatrix known;  ///< train + validation of the set's first fold
};

inline BenchData read_bench_data(const std::string& path, const std::string& folds,
                                 const std::string& fold_set) {
  BenchData data;
  ReadRatingsSummary summary;
  data.ratings = read_ratings(path, {}, summary);
  const auto parts = read_splits(folds, fold_set, data.ratings)->parts(0);
  data.known = make_rating_matrix(
      data.ratings, [&](std::size_t row) { return parts[row] != Part::test; }, 2);
  return data;
}

}  // namespace balse::bench
