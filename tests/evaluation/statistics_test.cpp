#include "balse/evaluation/statistics.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

using namespace balse;

// Figures of SciPy 1.10: scipy.stats.wilcoxon(differences, mode="exact"), and mode="approx",
// correction=False; the effect from scipy.stats.rankdata; numpy.percentile(values, [2.5, 97.5]).

TEST_CASE("few pairs without ties are tested exactly, as SciPy does", "[statistics]") {
  const std::vector<double> differences = {0.13, -0.42, 0.57, 1.1,  -0.08, 0.9,
                                           0.31, -0.66, 0.77, 0.05, 1.3,   -0.21};
  const SignedRank test = signed_rank_test(differences);
  CHECK(test.pairs == 12);
  CHECK(test.p == Approx(0.1513671875).epsilon(1e-12));
  CHECK(test.effect == Approx(0.48717948717948717).epsilon(1e-12));
}

TEST_CASE("ties and zeros are tested by the normal distribution, as SciPy does", "[statistics]") {
  std::vector<double> differences;
  for (int k = 0; k < 60; ++k) {
    differences.push_back(0.1 * ((7 * k * k + 3 * k) % 23 - 9));
  }
  for (double& value : differences) {
    value = std::round(value * 10.0) / 10.0;
  }
  const SignedRank test = signed_rank_test(differences);
  CHECK(test.pairs == 54);
  CHECK(test.p == Approx(0.3275311589795049).epsilon(1e-12));
  CHECK(test.effect == Approx(0.15286195286195287).epsilon(1e-12));
  CHECK(signed_rank_test(std::vector{0.3, 0.3, -0.1}).p ==
        Approx(0.27630291733748347).epsilon(1e-12));
}

TEST_CASE("nothing that differs is no evidence", "[statistics]") {
  const SignedRank test = signed_rank_test(std::vector{0.0, 0.0});
  CHECK(test.pairs == 0);
  CHECK(test.p == 1.0);
  CHECK(test.effect == 0.0);
  CHECK(signed_rank_test({}).p == 1.0);
}

TEST_CASE("the middle of the replicates is interpolated as NumPy's percentile", "[statistics]") {
  std::vector<double> values;
  for (int k = 0; k < 101; ++k) {
    values.push_back((37 * k) % 101 / 7.0);
  }
  values.push_back(std::nan(""));
  const Interval interval = percentile_interval(values);
  CHECK(interval.low == Approx(0.3571428571428571).epsilon(1e-12));
  CHECK(interval.high == Approx(13.928571428571429).epsilon(1e-12));
  CHECK(std::isnan(percentile_interval({}).low));
}

TEST_CASE("Holm's correction is monotone in p and in the order of the tests", "[statistics]") {
  const std::vector<double> corrected = holm(std::vector{0.01, 0.04, 0.03, 0.005, 0.2});
  const std::vector<double> expected = {0.04, 0.09, 0.09, 0.025, 0.2};
  for (std::size_t k = 0; k < expected.size(); ++k) {
    CHECK(corrected[k] == Approx(expected[k]));
  }
  CHECK(holm(std::vector{0.6, 0.7}) == std::vector{1.0, 1.0});
}
