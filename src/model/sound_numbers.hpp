#pragma once

#include <cmath>
#include <span>

namespace balse {

/// Nothing in a model that was trained on ratings comes near this; below it no prediction, a sum of
/// products of two of a model's numbers, overflows.
inline constexpr double kLargestNumber = 1e100;

/// Whether all are finite and no larger than that, in one pass without branches.
template <typename T>
bool all_sound(std::span<const T> numbers) {
  bool sound = true;
  for (const T number : numbers) {
    sound &= std::abs(static_cast<double>(number)) <= kLargestNumber;
  }
  return sound;
}

}  // namespace balse
