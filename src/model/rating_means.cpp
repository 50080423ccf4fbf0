#include "balse/model/rating_means.hpp"

#include <algorithm>

namespace balse {
namespace {

void row_means(const RatingRows& rows, double fallback, std::vector<double>& means,
               std::vector<std::uint32_t>& counts) {
  means.assign(rows.rows(), fallback);
  counts.assign(rows.rows(), 0);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    counts[row] = static_cast<std::uint32_t>(rows.count(row));
    if (counts[row] > 0) {
      double sum = 0.0;
      for (const float value : rows.values_of(row)) {
        sum += value;
      }
      means[row] = sum / counts[row];
    }
  }
}

}  // namespace

RatingMeans compute_rating_means(const RatingMatrix& ratings) {
  RatingMeans means;
  const std::vector<float>& values = ratings.by_user.value;
  if (!values.empty()) {
    double sum = 0.0;
    for (const float value : values) {
      sum += value;
    }
    means.global = sum / static_cast<double>(values.size());
    const auto [lowest, highest] = std::minmax_element(values.begin(), values.end());
    means.lowest = *lowest;
    means.highest = *highest;
  }
  row_means(ratings.by_user, means.global, means.user, means.user_count);
  row_means(ratings.by_item, means.global, means.item, means.item_count);
  return means;
}

}  // namespace balse
