#pragma once

#include <cmath>
#include <span>
#include <string>

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

/// A model that no command would open must not replace one that all do: throws Error(bad_data).
[[noreturn]] void fail_unsound(const std::string& tensor);

}  // namespace balse
