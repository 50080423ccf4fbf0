#include <algorithm>
#include <cmath>
#include <string_view>

#include "balse/data/data_set_facts.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"

namespace balse {
namespace {

/// How many of the ids of one file are in another, and of what is not, how many would be if they
/// were written otherwise.
struct Overlap {
  std::size_t same = 0;
  std::size_t users = 0;  // that are users instead
  std::size_t rewritten = 0;
  std::string example;  // "20.0 instead of 20"
};

// Without ".0", zeros in front, the file's ending, capital letters: what spreadsheets, pandas and
// lists of files do to ids.
std::string plain_id(std::string_view id) {
  const std::size_t dot = id.rfind('.');
  if (dot != std::string_view::npos && dot > 0) {
    const std::string_view after = id.substr(dot + 1);
    if (after.find_first_not_of('0') == std::string_view::npos || after == "jpg" ||
        after == "png" || after == "jpeg" || after == "webp") {
      id = id.substr(0, dot);
    }
  }
  id.remove_prefix(std::min(id.find_first_not_of('0'), id.empty() ? 0 : id.size() - 1));
  std::string plain;
  for (const char c : id) {
    plain += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return plain;
}

Overlap overlap_of(const IdIndex& ids, const Ratings& ratings) {
  Overlap overlap;
  IdIndex plain;
  for (std::uint32_t k = 0; k < ratings.items.size(); ++k) {
    plain.insert(plain_id(ratings.items[k]));
  }
  for (std::uint32_t k = 0; k < ids.size(); ++k) {
    const std::string_view id = ids[k];
    overlap.users += ratings.users.find(id) ? 1 : 0;
    if (ratings.items.find(id)) {
      ++overlap.same;
    } else if (plain.find(plain_id(id))) {
      if (overlap.rewritten++ == 0) {
        overlap.example = shorten(id) + ", which may be " + shorten(plain_id(id));
      }
    }
  }
  return overlap;
}

void check_ids(const char* what, const IdIndex& ids, const Ratings& ratings,
               std::vector<std::string>& found) {
  const Overlap overlap = overlap_of(ids, ratings);
  const std::string name = what;
  constexpr std::size_t kEnough = 5;  // small numbers are ids of anything
  if (overlap.users >= kEnough && overlap.same * 5 < overlap.users) {
    found.push_back("the items of the " + name + " are users of the ratings (" +
                    std::to_string(overlap.users) + " of " + std::to_string(ids.size()) +
                    ") rather than items (" + std::to_string(overlap.same) +
                    "): are user and item swapped?");
    return;
  }
  if (overlap.same == 0) {
    found.push_back("no item of the " + name + " is rated: are they of another site?");
  }
  if (overlap.rewritten > overlap.same / 20) {
    found.push_back(counted(overlap.rewritten, "item") + " of the " + name +
                    " would be rated ones if their ids were written alike, as " + overlap.example);
  }
}

bool all_numbers(const IdIndex& ids, double low, double high) {
  for (std::uint32_t k = 0; k < ids.size(); ++k) {
    const auto number = parse_number(ids[k]);
    if (!number || *number < low || *number > high) {
      return false;
    }
  }
  return true;
}

// 0, 1, 2, ... or 1, 2, 3, ...: what numbers rows.
bool counts_rows(const IdIndex& ids, std::size_t rows) {
  constexpr std::size_t kEnough = 10;
  if (ids.size() != rows || rows < kEnough) {
    return false;
  }
  const auto first = parse_number(ids[0]);
  if (!first || (*first != 0.0 && *first != 1.0)) {
    return false;
  }
  for (std::uint32_t k = 0; k < ids.size(); ++k) {
    if (parse_number(ids[k]) != *first + k) {
      return false;
    }
  }
  return true;
}

}  // namespace

std::vector<std::string> suspicions(const Ratings& ratings, const RatingFacts& facts,
                                    const IdIndex* tags, const IdIndex* works) {
  constexpr double kTimes = 1e8;  // seconds; in 1973
  constexpr std::size_t kFew = 12;
  std::vector<std::string> found;
  if (facts.lowest >= kTimes) {
    found.emplace_back("all ratings are above 100,000,000: are they times?");
  }
  const bool whole = std::all_of(ratings.value.begin(), ratings.value.end(),
                                 [](float value) { return value == std::floor(value); });
  const auto looks_like_scale = [&](const IdIndex& ids) {
    return ids.size() <= kFew && ids.size() >= 2 && facts.count > 20 * ids.size() &&
           all_numbers(ids, -1.0, 10.0) && facts.values.size() >= 10 && whole;
  };
  if (looks_like_scale(ratings.users)) {
    found.push_back("there are only " + counted(facts.users, "user") +
                    ", with numbers up to 10 as ids: is that column the rating?");
  }
  if (looks_like_scale(ratings.items)) {
    found.push_back("there are only " + counted(facts.items, "item") +
                    ", with numbers up to 10 as ids: is that column the rating?");
  }
  if (counts_rows(ratings.users, facts.count)) {
    found.emplace_back(
        "every user has one rating, and their ids count the rows: is that column an "
        "index?");
  } else if (facts.items > 1000 && facts.items * 10 > facts.count * 8) {
    found.push_back("of " + counted(facts.items, "item") + " most have a single rating (" +
                    std::to_string(facts.count) +
                    " in all): is that column the item, or the number of a row?");
  } else if (facts.users > 1000 && facts.users * 10 > facts.count * 8) {
    found.push_back("of " + counted(facts.users, "user") + " most have a single rating (" +
                    std::to_string(facts.count) +
                    " in all): is that column the user, or the number of a row?");
  } else if (facts.users > 20 && facts.items > 20 * facts.users) {
    found.push_back("there are " + std::to_string(facts.items) + " items for " +
                    counted(facts.users, "user") + ": are user and item swapped?");
  }
  if (facts.count > 10 && facts.values.size() == 1) {
    found.emplace_back("all ratings are the same: nothing can be learned from them");
  }
  if (tags != nullptr) {
    check_ids("tags", *tags, ratings, found);
  }
  if (works != nullptr) {
    check_ids("works", *works, ratings, found);
  }
  return found;
}

}  // namespace balse
