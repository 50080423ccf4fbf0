#include "synthesis/incidence.hpp"

#include <algorithm>
#include <functional>
#include <numeric>
#include <vector>

#include <catch2/catch.hpp>

using namespace balse;

TEST_CASE("drawn sizes add up exactly, within their bounds", "[synthesis]") {
  const std::size_t total = GENERATE(1000U, 1001U, 5000U, 49999U, 50000U);
  Random random(3);
  const auto sizes = draw_sizes(1000, total, 50, {.below = 2.0, .above = 1.0}, random);
  CHECK(std::accumulate(sizes.begin(), sizes.end(), std::size_t{0}) == total);
  CHECK(*std::min_element(sizes.begin(), sizes.end()) >= 1);
  CHECK(*std::max_element(sizes.begin(), sizes.end()) <= 50);
}

TEST_CASE("the alias table draws by weight", "[synthesis]") {
  const std::vector<double> weights = {1.0, 0.5, 6.0, 2.5};
  const AliasTable table(weights);
  Random random(1);
  constexpr int kDraws = 100000;
  std::vector<int> counts(weights.size());
  for (int i = 0; i < kDraws; ++i) {
    ++counts[table.draw(random)];
  }
  for (std::size_t i = 0; i < weights.size(); ++i) {
    // Five standard deviations of a share are below .008.
    CHECK(counts[i] / double{kDraws} == Approx(weights[i] / 10.0).margin(0.008));
  }
}

TEST_CASE("a random incidence has its row sizes, distinct columns, and every column",
          "[synthesis]") {
  const std::size_t columns = GENERATE(5U, 40U, 400U);  // by keys, mixed, by rejection
  Random random(columns);
  std::vector<std::uint32_t> sizes(200);
  std::vector<double> weights(columns);
  std::generate(sizes.begin(), sizes.end(), [&] { return 1 + random.below(5); });
  std::generate(weights.begin(), weights.end(), [&] { return 1e-6 + random.uniform(); });
  weights[0] = 100.0;
  Incidence incidence(sizes, weights, 9);
  std::vector<int> counts(columns);
  for (const std::uint32_t size : sizes) {
    const std::vector<std::uint32_t>& row = incidence.next_row();
    REQUIRE(row.size() == size);
    CHECK(std::adjacent_find(row.begin(), row.end(), std::greater_equal<>()) == row.end());
    for (const std::uint32_t column : row) {
      ++counts.at(column);
    }
  }
  CHECK(*std::min_element(counts.begin(), counts.end()) >= 1);
  CHECK(std::max_element(counts.begin(), counts.end()) == counts.begin());
}

TEST_CASE("rejection and keys draw from the same distribution", "[synthesis]") {
  // Ten columns a row are one in eight of 70, hence drawn by keys, and fewer than that of 100.
  const auto share_of_first = [](std::size_t columns) {
    constexpr std::size_t kRows = 4000;
    std::vector<double> weights(columns, 1e-9);
    for (std::size_t i = 0; i < 20; ++i) {
      weights[i] = i == 0 ? 3.0 : 1.0;
    }
    Incidence incidence(std::vector<std::uint32_t>(kRows, 10), weights, 5);
    std::size_t hits = 0;
    for (std::size_t i = 0; i < kRows; ++i) {
      hits += incidence.next_row().front() == 0 ? 1 : 0;
    }
    return static_cast<double>(hits) / kRows;
  };
  const double expected = 1.0 - 12.0 * 11.0 * 10.0 / (22.0 * 21.0 * 20.0);  // 19/22 * ... 10/13
  CHECK(share_of_first(70) == Approx(expected).margin(0.02));
  CHECK(share_of_first(100) == Approx(expected).margin(0.02));
}
