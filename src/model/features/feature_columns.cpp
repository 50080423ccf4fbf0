#include "model/features/feature_columns.hpp"

#include <algorithm>
#include <cmath>

namespace balse {

void FeatureColumns::set(std::size_t first, std::size_t count, std::span<const double> from) {
  set_leading(first, count, from, count);
}

void FeatureColumns::set_leading(std::size_t first, std::size_t count, std::span<const double> from,
                                 std::size_t all) {
  for (std::size_t row = 0; row * columns_ < values_.size(); ++row) {
    std::copy_n(from.begin() + static_cast<std::ptrdiff_t>(row * all), count,
                values_.begin() + static_cast<std::ptrdiff_t>(row * columns_ + first));
  }
}

FeatureColumns::Spread FeatureColumns::spread(std::size_t column,
                                              std::span<const std::uint32_t> counts,
                                              Each each) const {
  double weights = 0.0;
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t row = 0; row < counts.size(); ++row) {
    const double weight =
        static_cast<double>(each == Each::rating ? counts[row] : std::min(counts[row], 1U));
    weights += weight;
    sum += weight * at(row, column);
    squares += weight * at(row, column) * at(row, column);
  }
  if (weights == 0.0) {
    return {};
  }
  const double mean = sum / weights;
  return {.mean = mean, .deviation = std::sqrt(std::max(0.0, squares / weights - mean * mean))};
}

}  // namespace balse
