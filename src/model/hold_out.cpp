#include "balse/model/hold_out.hpp"

#include <algorithm>
#include <cmath>

#include "balse/support/random.hpp"

namespace balse {

void hold_out_items(double share, std::uint64_t seed, const Ratings& ratings,
                    std::vector<Part>& parts) {
  std::vector<bool> trained(ratings.items.size());
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Part::train) {
      trained[ratings.item[row]] = true;
    }
  }
  std::uint64_t left = static_cast<std::uint64_t>(std::count(trained.begin(), trained.end(), true));
  auto wanted = static_cast<std::uint64_t>(std::llround(share * static_cast<double>(left)));
  Random random(seed);
  std::vector<bool> held_out(ratings.items.size());
  for (std::size_t item = 0; item < trained.size(); ++item) {
    if (trained[item]) {
      held_out[item] = random.below(left) < wanted;
      --left;
      wanted -= held_out[item] ? 1 : 0;
    }
  }
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Part::train && held_out[ratings.item[row]]) {
      parts[row] = Part::validation;
    }
  }
}

}  // namespace balse
