#include "data/duplicates.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace balse {
namespace {

// Calls visit(position) for all entries, user by user, in the file's order within a user.
template <typename Visit>
void visit_by_user(const Ratings& ratings, const Visit& visit) {
  // Users are numbered as they appear: a file grouped by user has ascending numbers.
  if (std::is_sorted(ratings.user.begin(), ratings.user.end())) {
    for (std::size_t k = 0; k < ratings.size(); ++k) {
      visit(k);
    }
    return;
  }
  std::vector<std::uint32_t> next(ratings.users.size() + 1);
  for (const std::uint32_t user : ratings.user) {
    ++next[user + 1];
  }
  for (std::size_t user = 1; user < next.size(); ++user) {
    next[user] += next[user - 1];
  }
  std::vector<std::uint32_t> order(ratings.size());
  for (std::size_t k = 0; k < ratings.size(); ++k) {
    order[next[ratings.user[k]]++] = static_cast<std::uint32_t>(k);
  }
  constexpr std::size_t kAhead = 32;  // the entries are all over the memory: ask for them in time
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::uint32_t soon = order[std::min(i + kAhead, order.size() - 1)];
    __builtin_prefetch(&ratings.item[soon]);
    __builtin_prefetch(&ratings.user[soon]);
    visit(order[i]);
  }
}

// The entry of the current user for each item: found in one step, and never cleared because a stamp
// of another user does not count.
class LastSeen {
 public:
  explicit LastSeen(const Ratings& ratings) : ratings_(ratings), of_item_(ratings.items.size()) {}

  /// Where this user's entry for this item is; `position` where it is the first one.
  std::uint32_t& at(std::size_t position) {
    Stamp& stamp = of_item_[ratings_.item[position]];
    if (stamp.user != ratings_.user[position] + 1) {
      stamp = {ratings_.user[position] + 1, static_cast<std::uint32_t>(position)};
    }
    return stamp.position;
  }

 private:
  struct Stamp {
    std::uint32_t user = 0;  // + 1
    std::uint32_t position = 0;
  };
  const Ratings& ratings_;
  std::vector<Stamp> of_item_;
};

}  // namespace

void drop_entries(Ratings& ratings, const std::vector<bool>& dropped) {
  std::vector<std::uint64_t> rows;  // the new dropped_rows
  auto bad = ratings.dropped_rows.cbegin();
  std::uint64_t row = 0;
  std::size_t kept = 0;
  for (std::size_t k = 0; k < dropped.size(); ++k, ++row) {
    for (; bad != ratings.dropped_rows.cend() && *bad == row; ++bad, ++row) {
      rows.push_back(row);
    }
    if (dropped[k]) {
      rows.push_back(row);
      continue;
    }
    ratings.user[kept] = ratings.user[k];
    ratings.item[kept] = ratings.item[k];
    ratings.value[kept] = ratings.value[k];
    if (!ratings.time.empty()) {
      ratings.time[kept] = ratings.time[k];
    }
    ++kept;
  }
  rows.insert(rows.end(), bad, ratings.dropped_rows.cend());
  ratings.user.resize(kept);
  ratings.item.resize(kept);
  ratings.value.resize(kept);
  ratings.time.resize(std::min(ratings.time.size(), kept));
  ratings.dropped_rows = std::move(rows);
}

std::optional<DuplicatePair> find_duplicate(const Ratings& ratings) {
  std::optional<DuplicatePair> found;
  LastSeen seen(ratings);
  visit_by_user(ratings, [&](std::size_t k) {
    const std::size_t first = seen.at(k);
    if (first != k && (!found || k < found->second)) {
      found = {first, k};
    }
  });
  return found;
}

SharedPairs find_shared_pairs(const Ratings& ratings, std::size_t begin) {
  SharedPairs shared;
  LastSeen seen(ratings);
  visit_by_user(ratings, [&](std::size_t k) {
    const std::size_t first = seen.at(k);
    if (k < begin || first >= begin) {
      return;
    }
    if (shared.count == 0 || k < shared.first.second) {
      shared.first = {first, k};
    }
    ++shared.count;
  });
  return shared;
}

std::uint64_t drop_duplicates(Ratings& ratings, Duplicates mode) {
  struct Mean {
    double sum = 0.0;
    std::uint32_t count = 0;
  };
  std::vector<Mean> means(mode == Duplicates::mean ? ratings.items.size() : 0);
  std::vector<bool> dropped;
  std::uint64_t count = 0;
  LastSeen seen(ratings);
  visit_by_user(ratings, [&](std::size_t k) {
    std::uint32_t& kept = seen.at(k);
    if (mode == Duplicates::mean) {
      Mean& mean = means[ratings.item[k]];
      mean = kept == k ? Mean{} : mean;
      mean.sum += ratings.value[k];
      ++mean.count;
      if (kept != k) {
        ratings.value[kept] = static_cast<float>(mean.sum / mean.count);
      }
    }
    if (kept == k) {
      return;
    }
    dropped.resize(ratings.size());
    dropped[mode == Duplicates::last ? kept : k] = true;
    ++count;
    if (mode == Duplicates::last) {
      kept = static_cast<std::uint32_t>(k);
    }
  });
  if (count > 0) {
    drop_entries(ratings, dropped);
  }
  return count;
}

}  // namespace balse
