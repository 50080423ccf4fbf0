#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/evaluation/cross_validation.hpp"

namespace balse {

/// Of things that have a number: the number, and how many have it; ascending.
using CountHistogram = std::vector<std::pair<std::size_t, std::size_t>>;

struct CountHistograms {
  CountHistogram items;  ///< ratings of an item
  CountHistogram users;  ///< and of a user
};
CountHistograms count_ratings(const Ratings& ratings);

/// A tag, and what the users whose LASSO knows it think of it.
struct TagLiking {
  std::uint32_t tag = 0;
  double coefficient = 0.0;  ///< mean over these users
  std::size_t users = 0;
};

struct TagStatistics {
  std::size_t tags = 0;
  std::size_t items_with_tags = 0;
  CountHistogram per_item;  ///< tags of an item
  /// Most used first: tag, how many items have it.
  std::vector<std::pair<std::uint32_t, std::size_t>> most_used;
  std::vector<TagLiking> loved;  ///< most loved first; of tags that a hundredth of the users have
  std::vector<TagLiking> hated;  ///< most hated first
};
inline constexpr std::size_t kTagsListed = 15;

TagStatistics count_tags(const TagMatrix& tags);
/// Adds what the LASSO of a fold has learned; nothing where it has none.
void add_likings(const TrainedFold& fold, std::size_t users, TagStatistics& facts);

/// The weight of ALS in BALSE by the item's count, for the counts 0, 1, 2, ... and from 20 on ever
/// further apart, up to `most`; of every fold. Empty without BALSE.
struct GateCurve {
  std::size_t fold = 0;
  std::vector<std::pair<std::uint32_t, double>> weights;  ///< count, weight
};
std::vector<GateCurve> gate_curves(const CrossValidationResult& result, std::uint32_t most);

}  // namespace balse
