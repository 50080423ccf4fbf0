#include "balse/evaluation/metrics.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

using namespace balse;

TEST_CASE("subsets follow the train + validation counts", "[metrics]") {
  const std::vector<std::uint32_t> counts = {0, 5, 2, 3, 0, 1};
  const Subsets subsets({}, counts);
  CHECK(subsets.rows(Subset::all) == 6);
  CHECK(subsets.rows(Subset::little_known) == 4);
  CHECK(subsets.rows(Subset::cold_start) == 2);
  CHECK(subsets.contains(Subset::little_known, 2));
  CHECK_FALSE(subsets.contains(Subset::little_known, 3));
  CHECK(subsets.contains(Subset::cold_start, 4));
  CHECK_FALSE(subsets.contains(Subset::cold_start, 5));
}

TEST_CASE("the least rated are taken by count, then in row order", "[metrics]") {
  const std::vector<std::uint32_t> counts = {7, 2, 0, 2, 2, 9};
  const Subsets subsets({.least_rated = 3}, counts);
  CHECK(subsets.rows(Subset::little_known) == 3);
  CHECK(subsets.contains(Subset::little_known, 2));
  CHECK(subsets.contains(Subset::little_known, 1));
  CHECK(subsets.contains(Subset::little_known, 3));
  CHECK_FALSE(subsets.contains(Subset::little_known, 4));
  CHECK(Subsets({.least_rated = 100}, counts).rows(Subset::little_known) == 6);
}

TEST_CASE("a figure is mean and 1.96 population sd / sqrt(n)", "[metrics]") {
  const std::vector<double> values = {1.0, 2.0, 4.0};
  const MeanInterval figure = mean_interval(values);
  CHECK(figure.n == 3);
  CHECK(figure.mean == Approx(7.0 / 3.0));
  CHECK(figure.halfwidth == Approx(1.96 * std::sqrt(14.0 / 9.0) / std::sqrt(3.0)));
  CHECK(mean_interval({}).n == 0);
  CHECK(std::isnan(mean_interval(std::vector<double>{1.0}).halfwidth));
}
