#include "data/drop_unrated.hpp"

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

#include "data/duplicates.hpp"

namespace balse {
namespace {

/// Users and items without ratings get no index.
void forget_unrated_ids(Ratings& ratings) {
  const auto renumber = [](IdIndex& ids, std::vector<std::uint32_t>& indices) {
    IdIndex seen;
    for (std::uint32_t& index : indices) {
      index = seen.insert(ids[index]);
    }
    ids = std::move(seen);
  };
  renumber(ratings.users, ratings.user);
  renumber(ratings.items, ratings.item);
}

}  // namespace

void drop_unrated(Ratings& ratings, UnratedSummary& summary) {
  const std::vector<float> guess = guess_unrated(ratings.value, summary.zero_is_rating);
  if (guess.empty()) {
    return;
  }
  summary.guessed = true;
  for (const float value : guess) {
    summary.values.emplace_back(value == 0.0F ? "0" : "-1");
  }
  std::vector<bool> dropped(ratings.size());
  for (std::size_t k = 0; k < dropped.size(); ++k) {
    dropped[k] = std::find(guess.begin(), guess.end(), ratings.value[k]) != guess.end();
    summary.rows += dropped[k] ? 1 : 0;
  }
  drop_entries(ratings, dropped);
  forget_unrated_ids(ratings);
}

}  // namespace balse
