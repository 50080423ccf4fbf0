#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace balse {

/// What a ranked list of items is worth to somebody who wants some of them. With w wanted items,
/// of which h are among the first k places:
enum class RankingMeasure : std::uint8_t {
  ndcg,    ///< sum of 1 / log2(rank + 1) over these h, over the same sum for the ranks 1..min(k, w)
  recall,  ///< h / w
  map,     ///< sum over these h of (wanted up to its rank) / rank, over min(k, w)
  mrr,     ///< 1 / rank of the first wanted item, wherever it is
  novelty,  ///< mean over the first k of -log2 of the share of users who have rated the item
};
inline constexpr std::size_t kRankingMeasures = 5;
std::string_view name_of(RankingMeasure measure);  ///< "ndcg"

using RankingValues = std::array<double, kRankingMeasures>;

/// An item that may be ranked.
struct Candidate {
  double score = 0.0;
  std::uint64_t tie = 0;  ///< of the same scores the smaller comes first
  bool wanted = false;
  double surprise = 0.0;  ///< -log2 of the share of users who have rated it
  std::uint32_t item = 0;
};

/// Sorts the best `k` to the front and measures the list; at least one candidate is wanted.
RankingValues measure_ranking(std::span<Candidate> candidates, std::size_t k);

}  // namespace balse
