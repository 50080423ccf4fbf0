#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/data/works_reader.hpp"

namespace balse {

/// The least, the largest, and what is between them: the values below which 5, 25, 50, 75, 95 of a
/// hundred are, by nearest rank.
struct Quantiles {
  static constexpr std::array kPercent = {0, 5, 25, 50, 75, 95, 100};
  std::array<double, kPercent.size()> at = {};
};

Quantiles quantiles_of(std::vector<double> values);

/// How often a value was given, or any in [low, high).
struct ValueCount {
  double low = 0.0;
  double high = 0.0;  ///< low for a single value; the last range has its end
  std::uint64_t count = 0;
};

/// Of all ratings of a data set.
struct RatingFacts {
  std::size_t count = 0;
  std::size_t users = 0;
  std::size_t items = 0;
  double mean = 0.0;
  double deviation = 0.0;  ///< standard, of the population
  double lowest = 0.0;
  double highest = 0.0;
  double density = 0.0;            ///< count / (users * items)
  std::vector<ValueCount> values;  ///< each, or ten ranges where there are more than 20
  Quantiles per_user;              ///< ratings
  Quantiles per_item;
  std::size_t little_known = 0;    ///< items with fewer than 3 ratings, which the paper asks for
  std::size_t constant_users = 0;  ///< with 3 ratings or more, all the same: nothing to learn
  std::optional<std::int64_t> first_time;  ///< seconds since 1970
  std::optional<std::int64_t> last_time;
};

RatingFacts facts_of(const Ratings& ratings);

/// Of the tags, beside the ratings.
struct TagFacts {
  std::size_t weights = 0;  ///< other than 0
  std::size_t tags = 0;
  std::size_t items = 0;  ///< with one tag or more
  double lowest = 0.0;    ///< of the weights
  double highest = 0.0;
  Quantiles per_item;                         ///< tags
  std::size_t rated_items = 0;                ///< of `items`
  std::size_t rated_without = 0;              ///< rated items that have no tag
  std::vector<std::string> unrated_examples;  ///< up to three ids that no rating has
  std::vector<std::string> without_examples;  ///< up to three rated ids that have no tag
};

TagFacts facts_of(const Tags& tags, const Ratings& ratings);

struct WorkFacts {
  std::size_t items = 0;
  std::size_t matched = 0;     ///< of them are rated
  std::size_t unnamed = 0;     ///< rated items without a title
  std::size_t categories = 0;  ///< different ones
};

WorkFacts facts_of(const Works& works, const Ratings& ratings);

/// What is likely a mistake, a sentence each: swapped columns, times or ids taken for ratings, ids
/// that are the same but for how they are written. `tags` and `works` may be null.
std::vector<std::string> suspicions(const Ratings& ratings, const RatingFacts& facts,
                                    const IdIndex* tags, const IdIndex* works);

}  // namespace balse
