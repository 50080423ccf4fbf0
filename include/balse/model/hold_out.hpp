#pragma once

#include <cstdint>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/model/training.hpp"

namespace balse {

/// Turns all training ratings of a random `share` of the items that have any into validation
/// ratings; every choice of so many items is equally likely.
void hold_out_items(double share, std::uint64_t seed, const Ratings& ratings,
                    std::vector<Part>& parts);

}  // namespace balse
