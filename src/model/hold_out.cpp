#include "balse/model/hold_out.hpp"

#include <algorithm>
#include <cmath>

#include "balse/support/random.hpp"
#include "balse/support/selection_sampler.hpp"

namespace balse {
namespace {

/// `share` of so many, rounded.
std::size_t share_of(double share, std::size_t count) {
  return static_cast<std::size_t>(std::llround(share * static_cast<double>(count)));
}

void hold_out_groups(double share, std::uint64_t seed,
                     const std::vector<std::uint32_t>& group_of_row, std::size_t groups,
                     std::vector<Part>& parts) {
  std::vector<bool> eligible(groups, false);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Part::train) {
      eligible[group_of_row[row]] = true;
    }
  }
  const auto rest = static_cast<std::size_t>(std::count(eligible.begin(), eligible.end(), true));
  SelectionSampler sampler(share_of(share, rest), rest);
  Random random(seed);
  std::vector<bool> held_out(groups, false);
  for (std::size_t group = 0; group < groups; ++group) {
    held_out[group] = eligible[group] && sampler.take(random);
  }
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Part::train && held_out[group_of_row[row]]) {
      parts[row] = Part::validation;
    }
  }
}

}  // namespace

void hold_out_validation(double share, std::uint64_t seed, std::vector<Part>& parts) {
  const auto rest = static_cast<std::size_t>(std::count(parts.begin(), parts.end(), Part::train));
  SelectionSampler sampler(share_of(share, rest), rest);
  Random random(seed);
  for (Part& part : parts) {
    if (part == Part::train && sampler.take(random)) {
      part = Part::validation;
    }
  }
}

void hold_out_items(double share, std::uint64_t seed, const Ratings& ratings,
                    std::vector<Part>& parts) {
  hold_out_groups(share, seed, ratings.item, ratings.items.size(), parts);
}

void hold_out_users(double share, std::uint64_t seed, const Ratings& ratings,
                    std::vector<Part>& parts) {
  hold_out_groups(share, seed, ratings.user, ratings.users.size(), parts);
}

}  // namespace balse
