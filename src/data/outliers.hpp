#pragma once

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

/// From the 5th to the 95th percentile, of a part of them where there are many.
ValueRange usual_range(std::span<const float> values);

}  // namespace balse
