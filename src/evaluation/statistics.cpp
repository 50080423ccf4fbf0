#include "balse/evaluation/statistics.hpp"

#include <algorithm>
#include <boost/math/distributions/normal.hpp>
#include <cmath>
#include <limits>
#include <numeric>

namespace balse {
namespace {

constexpr std::size_t kExactPairs = 50;

/// Between the neighbours of place share * (n - 1).
double quantile(const std::vector<double>& ascending, double share) {
  const double place = share * static_cast<double>(ascending.size() - 1);
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, ascending.size() - 1);
  return std::lerp(ascending[below], ascending[above], place - static_cast<double>(below));
}

/// Ranks of distances, ties sharing their mean.
struct SignedRanks {
  double positive = 0.0;  ///< W+
  double negative = 0.0;
  double ties = 0.0;  ///< sum over groups of t equal distances of t^3 - t
};

SignedRanks signed_ranks(std::vector<double> differences) {
  std::sort(differences.begin(), differences.end(),
            [](double a, double b) { return std::abs(a) < std::abs(b); });
  SignedRanks ranks;
  for (std::size_t begin = 0; begin < differences.size();) {
    std::size_t end = begin;
    while (end < differences.size() && std::abs(differences[end]) == std::abs(differences[begin])) {
      ++end;
    }
    const double rank = 0.5 * static_cast<double>(begin + 1 + end);
    for (std::size_t k = begin; k < end; ++k) {
      (differences[k] > 0.0 ? ranks.positive : ranks.negative) += rank;
    }
    const auto tied = static_cast<double>(end - begin);
    ranks.ties += tied * tied * tied - tied;
    begin = end;
  }
  return ranks;
}

/// Of all 2^n equally likely signs of the ranks 1..n, how many have a rank sum as far out.
double exact_p(std::size_t pairs, double smaller_sum) {
  const std::size_t most = pairs * (pairs + 1) / 2;
  std::vector<double> share(most + 1, 0.0);
  share[0] = 1.0;
  for (std::size_t rank = 1; rank <= pairs; ++rank) {
    for (std::size_t sum = most + 1; sum-- > 0;) {
      share[sum] = 0.5 * (share[sum] + (sum >= rank ? share[sum - rank] : 0.0));
    }
  }
  const auto last = static_cast<std::ptrdiff_t>(smaller_sum) + 1;
  return std::min(1.0, 2.0 * std::accumulate(share.begin(), share.begin() + last, 0.0));
}

}  // namespace

Interval percentile_interval(std::vector<double> replicates) {
  std::erase_if(replicates, [](double value) { return std::isnan(value); });
  if (replicates.empty()) {
    const double none = std::numeric_limits<double>::quiet_NaN();
    return {.low = none, .high = none};
  }
  std::sort(replicates.begin(), replicates.end());
  constexpr double kTail = (1.0 - kConfidence) / 2.0;
  return {.low = quantile(replicates, kTail), .high = quantile(replicates, 1.0 - kTail)};
}

SignedRank signed_rank_test(std::span<const double> differences) {
  std::vector<double> differing(differences.begin(), differences.end());
  std::erase(differing, 0.0);
  SignedRank result{.pairs = differing.size()};
  if (differing.empty()) {
    return result;
  }
  const SignedRanks ranks = signed_ranks(std::move(differing));
  const auto n = static_cast<double>(result.pairs);
  const double smaller = std::min(ranks.positive, ranks.negative);
  result.effect = (ranks.positive - ranks.negative) / (ranks.positive + ranks.negative);
  if (result.pairs <= kExactPairs && ranks.ties == 0.0) {
    result.p = exact_p(result.pairs, smaller);
    return result;
  }
  const double mean = n * (n + 1.0) / 4.0;
  const double variance = n * (n + 1.0) * (2.0 * n + 1.0) / 24.0 - ranks.ties / 48.0;
  const double z = (smaller - mean) / std::sqrt(variance);
  result.p = std::min(1.0, 2.0 * boost::math::cdf(boost::math::normal(), z));
  return result;
}

std::vector<double> holm(std::span<const double> p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> corrected(p.size());
  double largest = 0.0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    largest = std::max(largest, static_cast<double>(p.size() - k) * p[order[k]]);
    corrected[order[k]] = std::min(1.0, largest);
  }
  return corrected;
}

}  // namespace balse
