#include "model/features/user_features.hpp"

#include <algorithm>
#include <cmath>

namespace balse {
namespace {

// What hardly any user has must not make those few a hundred deviations different.
constexpr double kLeastDeviation = 0.05;

}  // namespace

UserFeatureColumns::UserFeatureColumns(const TagMatrix& features,
                                       std::span<const std::uint32_t> user_counts,
                                       std::size_t limit)
    : features_(features),
      components_(tag_components(features, limit)),
      mean_(components_.count),
      deviation_(components_.count, kLeastDeviation) {
  for (std::size_t k = 0; k < count(); ++k) {
    double users = 0.0;
    double sum = 0.0;
    double squares = 0.0;
    for (std::size_t user = 0; user < user_counts.size(); ++user) {
      if (user_counts[user] > 0 && features_.count(user) > 0) {
        const double score = components_.scores[user * count() + k];
        users += 1.0;
        sum += score;
        squares += score * score;
      }
    }
    if (users > 0.0) {
      mean_[k] = sum / users;
      const double variance = std::max(0.0, squares / users - mean_[k] * mean_[k]);
      deviation_[k] = std::max(std::sqrt(variance), kLeastDeviation);
    }
  }
}

double UserFeatureColumns::value(std::size_t user, std::size_t column) const {
  return features_.count(user) == 0
             ? 0.0
             : (components_.scores[user * count() + column] - mean_[column]) / deviation_[column];
}

std::vector<double> UserFeatureColumns::of_features(std::span<const double> slopes, std::size_t n,
                                                    std::vector<double>& offset) const {
  std::vector<double> result(features_.tag_count * n);
  offset.assign(n, 0.0);
  for (std::size_t k = 0; k < count(); ++k) {
    const std::span<const double> slope = slopes.subspan(k * n, n);
    for (std::size_t i = 0; i < n; ++i) {
      offset[i] -= mean_[k] / deviation_[k] * slope[i];
    }
    for (std::size_t feature = 0; feature < features_.tag_count; ++feature) {
      const double share = components_.basis[feature * count() + k] / deviation_[k];
      for (std::size_t i = 0; share != 0.0 && i < n; ++i) {
        result[feature * n + i] += share * slope[i];
      }
    }
  }
  return result;
}

}  // namespace balse
