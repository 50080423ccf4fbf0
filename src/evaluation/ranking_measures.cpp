#include "balse/evaluation/ranking_measures.hpp"

#include <algorithm>
#include <cmath>

namespace balse {
namespace {

bool ahead(const Candidate& a, const Candidate& b) {
  return a.score > b.score || (a.score == b.score && a.tie < b.tie);
}

double discount(std::size_t rank) {
  return 1.0 / std::log2(static_cast<double>(rank) + 1.0);
}

}  // namespace

std::string_view name_of(RankingMeasure measure) {
  switch (measure) {
    case RankingMeasure::ndcg:
      return "ndcg";
    case RankingMeasure::recall:
      return "recall";
    case RankingMeasure::map:
      return "map";
    case RankingMeasure::mrr:
      return "mrr";
    case RankingMeasure::novelty:
      return "novelty";
  }
  return "ndcg";
}

RankingValues measure_ranking(std::span<Candidate> candidates, std::size_t k) {
  const std::size_t places = std::min(k, candidates.size());
  const Candidate* best = nullptr;
  std::size_t wanted = 0;
  for (const Candidate& candidate : candidates) {
    wanted += candidate.wanted ? 1 : 0;
    best = candidate.wanted && (best == nullptr || ahead(candidate, *best)) ? &candidate : best;
  }
  const auto before_best = static_cast<std::size_t>(
      std::count_if(candidates.begin(), candidates.end(),
                    [best](const Candidate& candidate) { return ahead(candidate, *best); }));
  std::partial_sort(candidates.begin(), candidates.begin() + static_cast<std::ptrdiff_t>(places),
                    candidates.end(), ahead);
  double gain = 0.0;
  double precision = 0.0;
  double surprise = 0.0;
  std::size_t found = 0;
  for (std::size_t rank = 1; rank <= places; ++rank) {
    const Candidate& candidate = candidates[rank - 1];
    surprise += candidate.surprise;
    if (candidate.wanted) {
      ++found;
      gain += discount(rank);
      precision += static_cast<double>(found) / static_cast<double>(rank);
    }
  }
  double most = 0.0;
  const std::size_t at_most = std::min(places, wanted);
  for (std::size_t rank = 1; rank <= at_most; ++rank) {
    most += discount(rank);
  }
  RankingValues values{};
  values[static_cast<std::size_t>(RankingMeasure::ndcg)] = gain / most;
  values[static_cast<std::size_t>(RankingMeasure::recall)] =
      static_cast<double>(found) / static_cast<double>(wanted);
  values[static_cast<std::size_t>(RankingMeasure::map)] = precision / static_cast<double>(at_most);
  values[static_cast<std::size_t>(RankingMeasure::mrr)] =
      1.0 / static_cast<double>(before_best + 1);
  values[static_cast<std::size_t>(RankingMeasure::novelty)] =
      surprise / static_cast<double>(places);
  return values;
}

}  // namespace balse
