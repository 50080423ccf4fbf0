#pragma once

#include <cmath>
#include <string>

namespace balse {

/// 0.2 as "20%".
inline std::string whole_percent(double share) {
  return std::to_string(std::lround(100.0 * share)) + "%";
}

/// "56% train / 24% validation / 20% test", of the shares that these are.
inline std::string part_shares(double validation, double test) {
  return whole_percent(1.0 - test - validation) + " train / " + whole_percent(validation) +
         " validation / " + whole_percent(test) + " test";
}

}  // namespace balse
