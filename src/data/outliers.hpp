#pragma once

#include <cstddef>
#include <span>

namespace balse {

/// Where nine of ten values are.
struct ValueRange {
  float low = 0.0F;
  float high = 0.0F;

  /// Further away from it than ten times its width; never where all are the same.
  bool is_far(float value) const {
    const float far = 10.0F * (high - low);
    return far > 0.0F && (value < low - far || value > high + far);
  }
};

/// How many of the values are the same, far from all others: 99 among -10 to 10.
struct LoneValue {
  float value = 0.0F;
  std::size_t count = 0;  ///< 0: there is none
  float rest_low = 0.0F;
  float rest_high = 0.0F;
};

/// The lowest of a few different values (at most 1,000) if it is below 0, or the highest if it is
/// above 10, where its neighbour is more than five times as far from it as all others from each
/// other; looked for in a part of the values where there are many.
LoneValue lone_value(std::span<const float> values);

/// From the 5th to the 95th percentile, of a part of them where there are many.
ValueRange usual_range(std::span<const float> values);

}  // namespace balse
