#include "balse/evaluation/metrics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "balse/support/counted.hpp"

namespace balse {

std::string_view name_of(Subset subset) {
  switch (subset) {
    case Subset::all:
      return "all";
    case Subset::little_known:
      return "little-known";
    case Subset::cold_start:
      return "cold-start";
  }
  return "all";
}

std::string LittleKnown::describe() const {
  return least_rated > 0
             ? "the " + std::to_string(least_rated) + " test ratings of the least rated items"
             : "items with fewer than " + counted(fewer_than, "rating");
}

Subsets::Subsets(const LittleKnown& little_known,
                 std::span<const std::uint32_t> item_counts_of_test_rows)
    : counts_(item_counts_of_test_rows), little_known_(counts_.size()) {
  if (little_known.least_rated > 0) {
    std::vector<std::uint32_t> order(counts_.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::uint32_t a, std::uint32_t b) { return counts_[a] < counts_[b]; });
    order.resize(std::min(order.size(), little_known.least_rated));
    for (const std::uint32_t row : order) {
      little_known_[row] = true;
    }
  } else {
    for (std::size_t row = 0; row < counts_.size(); ++row) {
      little_known_[row] = counts_[row] < little_known.fewer_than;
    }
  }
  for (std::size_t row = 0; row < counts_.size(); ++row) {
    for (int subset = 0; subset < kSubsetCount; ++subset) {
      rows_[subset] += contains(static_cast<Subset>(subset), row) ? 1 : 0;
    }
  }
}

bool Subsets::contains(Subset subset, std::size_t test_row) const {
  switch (subset) {
    case Subset::all:
      return true;
    case Subset::little_known:
      return little_known_[test_row];
    case Subset::cold_start:
      return counts_[test_row] == 0;
  }
  return false;
}

MeanInterval mean_interval(std::span<const double> values) {
  MeanInterval result{.n = values.size()};
  if (values.empty()) {
    return result;
  }
  const auto n = static_cast<double>(values.size());
  result.mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double squares = 0.0;
  for (const double value : values) {
    squares += (value - result.mean) * (value - result.mean);
  }
  result.halfwidth = values.size() < 2 ? std::numeric_limits<double>::quiet_NaN()
                                       : 1.96 * std::sqrt(squares / n) / std::sqrt(n);
  return result;
}

}  // namespace balse
