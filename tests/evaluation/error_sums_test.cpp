#include "balse/evaluation/error_sums.hpp"

#include <cmath>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

namespace {

/// As many groups, one test rating each, of one contender.
ErrorSums one_rating_each(std::size_t groups, std::vector<double>& squares) {
  Random random(7);
  ErrorSums sums(groups, 1, 1);
  for (std::size_t group = 0; group < groups; ++group) {
    squares.push_back(std::pow(random.uniform() * 4.0 - 2.0, 2));
    sums.add(group, 0, std::vector{squares.back()});
  }
  return sums;
}

}  // namespace

TEST_CASE("the bootstrap's spread is what theory says of a mean", "[bootstrap]") {
  std::vector<double> squares;
  const ErrorSums sums = one_rating_each(2000, squares);
  const double mean = std::accumulate(squares.begin(), squares.end(), 0.0) / 2000.0;
  double variance = 0.0;
  for (const double square : squares) {
    variance += (square - mean) * (square - mean) / 2000.0;
  }
  // Delta method: the root of a mean has the standard error sd / sqrt(n) / (2 root).
  const double error = std::sqrt(variance / 2000.0) / (2.0 * std::sqrt(mean));
  const std::vector<std::size_t> cells = {0};
  const Interval interval = percentile_interval(Bootstrap(sums, 4000, 1, 0).rmse(cells, 0));
  CHECK(interval.low == Approx(std::sqrt(mean) - 1.96 * error).margin(0.15 * error));
  CHECK(interval.high == Approx(std::sqrt(mean) + 1.96 * error).margin(0.15 * error));
}

TEST_CASE("replicates are the same at any number of threads", "[bootstrap]") {
  std::vector<double> squares;
  const ErrorSums sums = one_rating_each(300, squares);
  const std::vector<std::size_t> cells = {0};
  const std::vector<double> one = Bootstrap(sums, 333, 5, 1).rmse(cells, 0);
  CHECK(Bootstrap(sums, 333, 5, 3).rmse(cells, 0) == one);
  CHECK(Bootstrap(sums, 333, 6, 1).rmse(cells, 0) != one);
}

TEST_CASE("a group's ratings are drawn together, and every fold's RMSE counts alike",
          "[bootstrap]") {
  // One group alone: nothing to draw, so every replicate is the figure itself.
  ErrorSums sums(3, 2, 2);
  sums.add(1, 0, std::vector{1.0, 4.0});
  sums.add(1, 0, std::vector{3.0, 0.0});
  sums.add(1, 1, std::vector{9.0, 1.0});
  const std::vector<std::size_t> cells = {0, 1};
  for (const double rmse : Bootstrap(sums, 20, 1, 1).rmse(cells, 0)) {
    CHECK(rmse == Approx((std::sqrt(2.0) + 3.0) / 2.0));
  }
  for (const double rmse : Bootstrap(sums, 20, 1, 1).rmse(cells, 1)) {
    CHECK(rmse == Approx((std::sqrt(2.0) + 1.0) / 2.0));
  }
  CHECK(Bootstrap(sums, 20, 1, 1).mean(0, 1)[3] == Approx(2.0));
}

TEST_CASE("what nobody was tested on has no figure", "[bootstrap]") {
  const ErrorSums sums(3, 1, 1);
  const std::vector<std::size_t> cells = {0};
  CHECK(std::isnan(Bootstrap(sums, 10, 1, 1).rmse(cells, 0)[0]));
}
