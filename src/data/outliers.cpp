#include "data/outliers.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

namespace balse {

ValueRange usual_range(std::span<const float> values) {
  constexpr std::size_t kLookedAt = 100'000;
  if (values.empty()) {
    return {};
  }
  const std::size_t step = (values.size() + kLookedAt - 1) / kLookedAt;
  std::vector<float> some;
  some.reserve(values.size() / step + 1);
  for (std::size_t k = 0; k < values.size(); k += step) {
    some.push_back(values[k]);
  }
  const auto at = [&some](std::size_t percent) {
    const auto place =
        some.begin() + static_cast<std::ptrdiff_t>((some.size() - 1) * percent / 100);
    std::nth_element(some.begin(), place, some.end());
    return *place;
  };
  return {.low = at(5), .high = at(95)};
}

}  // namespace balse
