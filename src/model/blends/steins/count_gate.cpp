#include "balse/model/count_gate.hpp"

#include <algorithm>
#include <iterator>

namespace balse {

double CountGate::weight_at(double item_count) const {
  const auto next = std::upper_bound(from.begin(), from.end(), item_count);
  return weight[next == from.begin() ? 0 : static_cast<std::size_t>(next - from.begin()) - 1];
}

}  // namespace balse
