#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>

#include "balse/data/ratings.hpp"
#include "balse/support/random.hpp"

namespace balse::test {

/// A small random rating set with some users and items that nobody rated: ids are u0.., i0...
/// Popularity falls off, so that rows have from zero to many ratings.
inline Ratings random_ratings(std::size_t users, std::size_t items, std::size_t count,
                              std::uint64_t seed) {
  Ratings ratings;
  Random random(seed);
  for (std::size_t user = 0; user < users; ++user) {
    ratings.users.insert("u" + std::to_string(user));
  }
  for (std::size_t item = 0; item < items; ++item) {
    ratings.items.insert("i" + std::to_string(item));
  }
  std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
  while (taken.size() < count) {
    const double x = random.uniform();
    const auto user = static_cast<std::uint32_t>(x * x * static_cast<double>(users - 1));
    const double y = random.uniform();
    const auto item = static_cast<std::uint32_t>(y * y * y * static_cast<double>(items - 1));
    if (taken.emplace(user, item).second) {
      ratings.user.push_back(user);
      ratings.item.push_back(item);
      ratings.value.push_back(
          static_cast<float>(1.0 + 0.3 * (user % 7) + 0.2 * (item % 5) + random.normal()));
    }
  }
  return ratings;
}

/// Every user has rated every item.
inline Ratings full_grid(std::size_t users, std::size_t items) {
  Ratings ratings;
  for (std::size_t user = 0; user < users; ++user) {
    for (std::size_t item = 0; item < items; ++item) {
      ratings.user.push_back(ratings.users.insert("u" + std::to_string(user)));
      ratings.item.push_back(ratings.items.insert("i" + std::to_string(item)));
      ratings.value.push_back(1.0F);
    }
  }
  return ratings;
}

}  // namespace balse::test
