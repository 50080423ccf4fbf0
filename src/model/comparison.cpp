#include "balse/model/comparison.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace balse {
namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? 0.0 : static_cast<double>(part) / static_cast<double>(whole);
}

constexpr std::uint32_t kStranger = std::numeric_limits<std::uint32_t>::max();

/// For each id of `from` its index in `to`, or kStranger.
std::vector<std::uint32_t> places(const IdIndex& from, const IdIndex& to) {
  std::vector<std::uint32_t> places(from.size());
  for (std::uint32_t k = 0; k < places.size(); ++k) {
    places[k] = to.find(from[k]).value_or(kStranger);
  }
  return places;
}

double known_share(const std::vector<std::uint32_t>& places) {
  const auto unknown =
      static_cast<std::size_t>(std::count(places.begin(), places.end(), kStranger));
  return share(places.size() - unknown, places.size());
}

bool has_rated(const TrainedModel& model, std::uint32_t user, std::uint32_t item) {
  if (user == kStranger || item == kStranger) {
    return false;
  }
  const auto items = model.rated_by(user);
  return std::binary_search(items.begin(), items.end(), item);
}

}  // namespace

double Overlap::of_shorter() const {
  return share(common, std::min(first, second));
}

double Overlap::of_first() const {
  return share(common, first);
}

double Overlap::of_both() const {
  return share(common, first + second - common);
}

Overlap overlap(const IdIndex& first, const IdIndex& second) {
  Overlap overlap{.first = first.size(), .second = second.size()};
  for (std::uint32_t k = 0; k < first.size(); ++k) {
    overlap.common += second.find(first[k]) ? 1 : 0;
  }
  return overlap;
}

bool looks_swapped(const Ratings& ratings, const TrainedModel& model) {
  const auto user_as_user = places(ratings.users, model.users);
  const auto user_as_item = places(ratings.users, model.items);
  const auto item_as_user = places(ratings.items, model.users);
  const auto item_as_item = places(ratings.items, model.items);
  // A sample will do.
  constexpr std::size_t kSample = 200'000;
  const std::size_t stride = ratings.size() / kSample + 1;
  std::size_t looked_at = 0;
  std::size_t as_they_are = 0;
  std::size_t swapped = 0;
  for (std::size_t k = 0; k < ratings.size(); k += stride) {
    const std::uint32_t user = ratings.user[k];
    const std::uint32_t item = ratings.item[k];
    ++looked_at;
    as_they_are += has_rated(model, user_as_user[user], item_as_item[item]) ? 1 : 0;
    swapped += has_rated(model, item_as_user[item], user_as_item[user]) ? 1 : 0;
  }
  constexpr double kMost = 0.5;
  if (share(swapped, looked_at) > kMost && swapped > 2 * as_they_are) {
    return true;
  }
  const double user_is_item = known_share(user_as_item);
  const double item_is_user = known_share(item_as_user);
  return user_is_item > kMost && item_is_user > kMost &&
         user_is_item + item_is_user >
             2.0 * (known_share(user_as_user) + known_share(item_as_item));
}

bool looks_swapped(const Ratings& ratings, const IdIndex& items) {
  const Overlap with_users = overlap(ratings.users, items);
  const Overlap with_items = overlap(ratings.items, items);
  // Most users are on the list, and nearly no item is; or the list is the list of users.
  constexpr double kMost = 0.5;
  constexpr double kNearlyAll = 0.7;
  return (with_users.of_first() > kMost && with_items.of_first() < with_users.of_first() / 4.0) ||
         (with_users.of_both() > kNearlyAll && with_items.of_both() < with_users.of_both() / 2.0);
}

std::size_t items_with_tags(const TagMatrix& of_rated_items) {
  std::size_t items = 0;
  for (std::size_t item = 0; item < of_rated_items.items(); ++item) {
    items += of_rated_items.count(item) > 0 ? 1 : 0;
  }
  return items;
}

std::size_t rated_items_with_tags(const TrainedModel& model) {
  std::size_t items = 0;
  for (std::size_t item = 0; model.has_tags() && item < model.data.means.item_count.size();
       ++item) {
    items += model.data.tags->count(item) > 0 ? 1 : 0;
  }
  return items;
}

}  // namespace balse
