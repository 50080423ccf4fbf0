#include "balse/evaluation/ranking_measures.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

namespace {

double value_of(const RankingValues& values, RankingMeasure measure) {
  return values[static_cast<std::size_t>(measure)];
}

/// The definitions, word by word, on a list that is wholly sorted.
RankingValues slowly(std::vector<Candidate> list, std::size_t k) {
  std::sort(list.begin(), list.end(), [](const Candidate& a, const Candidate& b) {
    return a.score != b.score ? a.score > b.score : a.tie < b.tie;
  });
  double dcg = 0.0, ideal = 0.0, hits = 0.0, precision = 0.0, surprise = 0.0, first = 0.0;
  const auto w = std::count_if(list.begin(), list.end(), [](const auto& c) { return c.wanted; });
  for (std::size_t r = 1; r <= list.size(); ++r) {
    const bool wanted = list[r - 1].wanted;
    first = wanted && first == 0.0 ? 1.0 / static_cast<double>(r) : first;
    if (r <= k) {
      hits += wanted ? 1.0 : 0.0;
      dcg += wanted ? 1.0 / std::log2(r + 1.0) : 0.0;
      precision += wanted ? hits / static_cast<double>(r) : 0.0;
      ideal += static_cast<long>(r) <= w ? 1.0 / std::log2(r + 1.0) : 0.0;
      surprise += list[r - 1].surprise;
    }
  }
  const double places = static_cast<double>(std::min(k, list.size()));
  return {dcg / ideal, hits / static_cast<double>(w),
          precision / std::min(places, static_cast<double>(w)), first, surprise / places};
}

}  // namespace

TEST_CASE("measures are those of the whole list in order", "[ranking-measures]") {
  Random random(3);
  for (int list = 0; list < 200; ++list) {
    std::vector<Candidate> candidates(1 + random.below(60));
    for (std::size_t c = 0; c < candidates.size(); ++c) {
      candidates[c] = {.score = static_cast<double>(random.below(20)),  // many ties
                       .tie = (c * 7919) % 1009,
                       .wanted = random.uniform() < 0.3,
                       .surprise = random.uniform(),
                       .item = static_cast<std::uint32_t>(c)};
    }
    candidates[random.below(candidates.size())].wanted = true;
    const std::size_t k = 1 + random.below(15);
    const RankingValues expected = slowly(candidates, k);
    const RankingValues found = measure_ranking(candidates, k);
    for (std::size_t measure = 0; measure < kRankingMeasures; ++measure) {
      INFO(name_of(static_cast<RankingMeasure>(measure)) << " of list " << list);
      CHECK(found[measure] == Approx(expected[measure]).epsilon(1e-12));
    }
  }
}

TEST_CASE("NDCG and average precision are scikit-learn's", "[ranking-measures]") {
  // sklearn.metrics.ndcg_score([wanted], [scores], k=5), average_precision_score(wanted, scores),
  // scikit-learn 1.2; scores without ties, and k = 8 for the latter, which has no k.
  const std::vector<double> scores = {0.9, 0.1, 0.8, 0.35, 0.7, 0.6, 0.2, 0.4};
  const std::vector<bool> wanted = {false, true, true, false, false, true, false, true};
  std::vector<Candidate> candidates;
  for (std::size_t c = 0; c < scores.size(); ++c) {
    candidates.push_back({.score = scores[c], .wanted = wanted[c]});
  }
  std::vector<Candidate> again = candidates;
  CHECK(value_of(measure_ranking(candidates, 5), RankingMeasure::ndcg) ==
        Approx(0.5654495432396526).epsilon(1e-12));
  CHECK(value_of(measure_ranking(again, 8), RankingMeasure::map) == Approx(0.525).epsilon(1e-12));
}
