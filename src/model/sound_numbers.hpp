#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <type_traits>

namespace balse {

/// Nothing in a model that was trained on ratings comes near this; below it no prediction, a sum of
/// products of two of a model's numbers, overflows.
inline constexpr double kLargestNumber = 1e100;

/// Whether all are finite and no larger than that, in one pass without branches.
template <typename T>
bool all_sound(std::span<const T> numbers) {
  // Compared and counted in numbers of one size, or no compiler makes vectors of it.
  using Count = std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>;
  constexpr auto kLimit =
      static_cast<T>(std::min<double>(kLargestNumber, std::numeric_limits<T>::max()));
  Count unsound = 0;
  for (const T number : numbers) {
    unsound |= std::abs(number) <= kLimit ? Count{0} : Count{1};
  }
  return unsound == 0;
}

/// A model that no command would open must not replace one that all do: throws Error(bad_data).
[[noreturn]] void fail_unsound(const std::string& tensor);

}  // namespace balse
