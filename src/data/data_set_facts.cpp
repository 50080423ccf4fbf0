#include "balse/data/data_set_facts.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>
#include <string>

#include "balse/data/row_text.hpp"

namespace balse {
namespace {

constexpr std::size_t kValuesShown = 20;
constexpr std::size_t kRanges = 10;
constexpr std::size_t kExamples = 3;

// 0.1 and not 0.10000000149 for a float that stands for it.
double plain_double(float value) {
  const std::string text = exact_text(value);
  double plain = value;
  std::from_chars(text.data(), text.data() + text.size(), plain);
  return plain;
}

std::vector<double> counts_of(const std::vector<std::uint32_t>& indices, std::size_t size) {
  std::vector<double> counts(size);
  for (const std::uint32_t index : indices) {
    ++counts[index];
  }
  return counts;
}

std::vector<ValueCount> count_values(const std::vector<float>& values, double low, double high) {
  std::map<float, std::uint64_t> counts;
  for (const float value : values) {
    ++counts[value];
    if (counts.size() > kValuesShown) {
      break;
    }
  }
  std::vector<ValueCount> result;
  if (counts.size() <= kValuesShown) {
    for (const auto& [value, count] : counts) {
      const double plain = plain_double(value);
      result.push_back({.low = plain, .high = plain, .count = count});
    }
    return result;
  }
  const double width = (high - low) / kRanges;
  for (std::size_t k = 0; k < kRanges; ++k) {
    result.push_back({.low = low + width * static_cast<double>(k),
                      .high = low + width * static_cast<double>(k + 1)});
  }
  for (const float value : values) {
    const auto range = static_cast<std::size_t>((static_cast<double>(value) - low) / width);
    ++result[std::min(range, kRanges - 1)].count;
  }
  return result;
}

std::size_t count_constant_users(const Ratings& ratings) {
  constexpr std::uint32_t kEnough = 3;
  struct Seen {
    float value = 0.0F;
    std::uint32_t count = 0;
    bool constant = true;
  };
  std::vector<Seen> users(ratings.users.size());
  for (std::size_t k = 0; k < ratings.size(); ++k) {
    Seen& user = users[ratings.user[k]];
    user.constant = user.constant && (user.count == 0 || user.value == ratings.value[k]);
    user.value = ratings.value[k];
    ++user.count;
  }
  return static_cast<std::size_t>(std::count_if(users.begin(), users.end(), [](const Seen& user) {
    return user.constant && user.count >= kEnough;
  }));
}

}  // namespace

Quantiles quantiles_of(std::vector<double> values) {
  Quantiles quantiles;
  if (values.empty()) {
    return quantiles;
  }
  std::sort(values.begin(), values.end());
  for (std::size_t k = 0; k < quantiles.at.size(); ++k) {
    const std::size_t rank =
        (values.size() * static_cast<std::size_t>(Quantiles::kPercent[k]) + 99) / 100;
    quantiles.at[k] = values[std::max<std::size_t>(rank, 1) - 1];
  }
  return quantiles;
}

RatingFacts facts_of(const Ratings& ratings) {
  RatingFacts facts;
  facts.count = ratings.size();
  facts.users = ratings.users.size();
  facts.items = ratings.items.size();
  if (ratings.size() == 0) {
    return facts;
  }
  double sum = 0.0;
  for (const float value : ratings.value) {
    sum += value;
  }
  const auto count = static_cast<double>(ratings.size());
  facts.mean = sum / count;
  double squares = 0.0;
  for (const float value : ratings.value) {
    squares += (value - facts.mean) * (value - facts.mean);
  }
  facts.deviation = std::sqrt(squares / count);
  const auto [lowest, highest] = std::minmax_element(ratings.value.begin(), ratings.value.end());
  facts.lowest = plain_double(*lowest);
  facts.highest = plain_double(*highest);
  facts.density = count / (static_cast<double>(facts.users) * static_cast<double>(facts.items));
  facts.values = count_values(ratings.value, facts.lowest, facts.highest);
  facts.per_user = quantiles_of(counts_of(ratings.user, facts.users));
  const std::vector<double> per_item = counts_of(ratings.item, facts.items);
  facts.little_known = static_cast<std::size_t>(
      std::count_if(per_item.begin(), per_item.end(), [](double n) { return n < 3.0; }));
  facts.per_item = quantiles_of(per_item);
  facts.constant_users = count_constant_users(ratings);
  if (!ratings.time.empty()) {
    const auto [first, last] = std::minmax_element(ratings.time.begin(), ratings.time.end());
    facts.first_time = *first;
    facts.last_time = *last;
  }
  return facts;
}

TagFacts facts_of(const Tags& tags, const Ratings& ratings) {
  TagFacts facts;
  facts.weights = tags.matrix.weight.size();
  facts.tags = tags.names.size();
  if (facts.weights > 0) {
    const auto [lowest, highest] =
        std::minmax_element(tags.matrix.weight.begin(), tags.matrix.weight.end());
    facts.lowest = plain_double(*lowest);
    facts.highest = plain_double(*highest);
  }
  std::vector<double> per_item;
  for (std::uint32_t item = 0; item < tags.items.size(); ++item) {
    if (tags.matrix.count(item) == 0) {
      continue;
    }
    ++facts.items;
    per_item.push_back(static_cast<double>(tags.matrix.count(item)));
    if (ratings.items.find(tags.items[item])) {
      ++facts.rated_items;
    } else if (facts.unrated_examples.size() < kExamples) {
      facts.unrated_examples.emplace_back(tags.items[item]);
    }
  }
  facts.per_item = quantiles_of(std::move(per_item));
  for (std::uint32_t item = 0; item < ratings.items.size(); ++item) {
    const auto row = tags.items.find(ratings.items[item]);
    if (row && tags.matrix.count(*row) > 0) {
      continue;
    }
    ++facts.rated_without;
    if (facts.without_examples.size() < kExamples) {
      facts.without_examples.emplace_back(ratings.items[item]);
    }
  }
  return facts;
}

WorkFacts facts_of(const Works& works, const Ratings& ratings) {
  WorkFacts facts;
  facts.items = works.items.size();
  for (std::uint32_t item = 0; item < works.items.size(); ++item) {
    facts.matched += ratings.items.find(works.items[item]) ? 1 : 0;
  }
  facts.unnamed = ratings.items.size() - facts.matched;
  std::set<std::string> categories(works.categories.begin(), works.categories.end());
  categories.erase("");
  facts.categories = categories.size();
  return facts;
}

}  // namespace balse
