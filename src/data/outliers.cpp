#include "data/outliers.hpp"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <vector>

namespace balse {
namespace {

// Evenly from all of them, at most so many.
std::vector<float> some_of(std::span<const float> values) {
  constexpr std::size_t kEnough = 10'000;
  const std::size_t step = (values.size() + kEnough - 1) / kEnough;
  std::vector<float> some;
  some.reserve(values.size() / std::max<std::size_t>(step, 1) + 1);
  for (std::size_t k = 0; k < values.size(); k += step) {
    some.push_back(values[k]);
  }
  return some;
}

}  // namespace

ValueRange usual_range(std::span<const float> values) {
  if (values.empty()) {
    return {};
  }
  std::vector<float> some = some_of(values);
  const auto at = [&some](std::size_t percent) {
    const auto place =
        some.begin() + static_cast<std::ptrdiff_t>((some.size() - 1) * percent / 100);
    std::nth_element(some.begin(), place, some.end());
    return *place;
  };
  return {.low = at(5), .high = at(95)};
}

LoneValue lone_value(std::span<const float> values) {
  constexpr std::size_t kMostDifferent = 1000;
  constexpr float kFar = 5.0F;     // times the range of the others
  constexpr float kScale = 10.0F;  // what lies between 0 and this may be the end of a scale
  std::map<float, std::size_t> counts;
  for (const float value : some_of(values)) {
    ++counts[value];
    if (counts.size() > kMostDifferent) {
      return {};
    }
  }
  if (counts.size() < 3) {
    return {};
  }
  const auto lowest = counts.begin();
  const auto highest = std::prev(counts.end());
  const auto second = std::next(lowest);
  const auto last_but_one = std::prev(highest);
  if (highest->first > kScale &&
      highest->first - last_but_one->first > kFar * (last_but_one->first - lowest->first)) {
    return {.value = highest->first,
            .count = highest->second,
            .rest_low = lowest->first,
            .rest_high = last_but_one->first};
  }
  if (lowest->first < 0.0F &&
      second->first - lowest->first > kFar * (highest->first - second->first)) {
    return {.value = lowest->first,
            .count = lowest->second,
            .rest_low = second->first,
            .rest_high = highest->first};
  }
  return {};
}

}  // namespace balse
