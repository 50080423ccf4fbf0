#include "balse/data/unrated.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <map>

#include "balse/data/delimited.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"

namespace balse {

Unrated Unrated::parse(std::string_view text) {
  if (text == "auto") {
    return {};
  }
  if (text == "none") {
    return {.told = Told::never, .values = {}};
  }
  Unrated unrated{.told = Told::by_values, .values = {}};
  LineSplitter parts(",");
  if (parts.split(text)) {
    for (const std::string_view part : parts) {
      unrated.values.emplace_back(part);
    }
  }
  const auto is_empty = [](const std::string& value) { return value.empty(); };
  if (unrated.values.empty() ||
      std::any_of(unrated.values.begin(), unrated.values.end(), is_empty)) {
    throw Error(ErrorKind::usage, {.found = "unrated values cannot be " + shorten(text),
                                   .expected = "auto, none, or values between commas",
                                   .hint = "--unrated=-1,0"});
  }
  const auto by_data = std::find(unrated.values.begin(), unrated.values.end(), "auto");
  if (by_data != unrated.values.end()) {
    unrated.values.erase(by_data);
    unrated.told = Told::by_the_data;
  }
  return unrated;
}

bool Unrated::names(std::string_view rating) const {
  return std::any_of(values.begin(), values.end(), [&](const std::string& value) {
    const auto number = parse_number(value);
    return rating == value || (value == kMissing && is_missing(rating)) ||
           (number && parse_number(rating) == number);
  });
}

bool is_missing(std::string_view rating) {
  return rating.empty() || rating == "NaN" || rating == "nan" || rating == "NA" ||
         rating == "NULL" || rating == "null" || rating == "None" || rating == "\\N" ||
         rating == "N/A";
}

std::vector<float> guess_unrated(std::span<const float> ratings, bool& zero_is_rating) {
  constexpr std::size_t kMostValues = 1000;
  constexpr std::uint64_t kMoreThanOnes = 3;
  zero_is_rating = false;
  std::map<float, std::uint64_t> counts;
  float last = 0.0F;
  std::uint64_t* count = nullptr;
  for (const float value : ratings) {
    if (count == nullptr || value != last) {
      count = &counts[value];
      last = value;
      if (counts.size() > kMostValues) {
        return {};
      }
    }
    ++*count;
  }
  std::vector<float> unrated;
  if (counts.size() == 1 && counts.begin()->first == -1.0F) {
    return {-1.0F};  // nobody rates all alike below nothing
  }
  if (counts.size() < 2) {
    return unrated;
  }
  const float highest = counts.rbegin()->first;
  const bool has_zero = counts.contains(0.0F);
  if (counts.begin()->first == -1.0F && std::next(counts.begin())->first >= 0.0F &&
      highest >= (has_zero ? 5.0F : 3.0F)) {
    unrated.push_back(-1.0F);
    counts.erase(counts.begin());
  }
  if (counts.size() < 2 || counts.begin()->first != 0.0F) {
    return unrated;
  }
  if (highest < 5.0F) {
    zero_is_rating = highest > 2.0F;  // below that it is what likes are counted from
    return unrated;
  }
  const bool whole = std::all_of(counts.begin(), counts.end(),
                                 [](const auto& of) { return of.first == std::floor(of.first); });
  const auto one = counts.find(1.0F);
  const bool gap = one == counts.end() || counts.begin()->second > kMoreThanOnes * one->second;
  // Means of several ratings are no whole numbers, and their lowest is far from 0 as well.
  const float lowest = std::next(counts.begin())->first;
  const bool far = highest > 5.0F && lowest > highest - lowest;
  // Of 0, 20, 40, ... the 0 is as far from the next as all others are.
  bool even = lowest > 1.0F && counts.size() > 3;
  for (auto value = std::next(counts.begin()); even && value != counts.end(); ++value) {
    even = value->first - std::prev(value)->first == lowest;
  }
  if (even) {
    zero_is_rating = true;
    return unrated;
  }
  if ((whole && gap) || far) {
    unrated.push_back(0.0F);
  } else {
    zero_is_rating = true;
  }
  return unrated;
}

}  // namespace balse
