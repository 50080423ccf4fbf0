#include "model/blocks/mixed/mixed_scale.hpp"

#include <algorithm>

namespace balse {

std::vector<double> standardise(FeatureColumns& features, std::span<const std::uint32_t> counts,
                                std::size_t components) {
  constexpr double kLeastDeviation = 0.05;
  constexpr double kLeastOfComponents = 1.0;  // that of the first one
  const std::size_t columns = features.columns();
  std::vector<double> spread(2 * columns);
  spread[columns] = 1.0;
  for (std::size_t column = 1; column < columns; ++column) {
    const FeatureColumns::Spread found =
        features.spread(column, counts, FeatureColumns::Each::rating);
    spread[column] = found.mean;
    const bool is_component = column + components >= columns;
    spread[columns + column] =
        std::max(is_component ? kLeastOfComponents : kLeastDeviation, found.deviation);
    for (std::size_t row = 0; row < counts.size(); ++row) {
      features.at(row, column) =
          (features.at(row, column) - spread[column]) / spread[columns + column];
    }
  }
  return spread;
}

void standardise(const MatrixView& spread, std::span<double> features) {
  for (std::size_t c = 1; c < features.size(); ++c) {
    features[c] = (features[c] - spread.row(0)[c]) / spread.row(1)[c];
  }
}

void unscale(const MatrixView& spread, std::vector<double>& weights) {
  for (std::size_t first = 0; first < weights.size(); first += spread.columns) {
    for (std::size_t c = 1; c < spread.columns; ++c) {
      weights[first + c] /= spread.row(1)[c];
      weights[first] -= weights[first + c] * spread.row(0)[c];
    }
  }
}

std::vector<double> rescaled(const MatrixView& spread, std::span<const double> weights) {
  std::vector<double> result(weights.begin(), weights.end());
  for (std::size_t c = 1; c < spread.columns; ++c) {
    result[0] += result[c] * spread.row(0)[c];
    result[c] *= spread.row(1)[c];
  }
  return result;
}

}  // namespace balse
