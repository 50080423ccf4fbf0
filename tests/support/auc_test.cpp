#include "demo_tagger/auc.hpp"

#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

using namespace balse;

TEST_CASE("AUC of small cases", "[auc]") {
  using Values = std::vector<float>;
  CHECK(auc(Values{0.1F, 0.2F, 0.3F, 0.4F}, Values{0, 0, 1, 1}) == 1.0);
  CHECK(auc(Values{0.1F, 0.2F, 0.3F, 0.4F}, Values{1, 1, 0, 0}) == 0.0);
  CHECK(auc(Values{0.1F, 0.2F, 0.3F, 0.4F}, Values{0, 1, 0, 1}) == 0.75);
  CHECK(auc(Values{0.5F, 0.5F, 0.5F}, Values{0, 1, 0}) == 0.5);
  CHECK(auc(Values{0.5F, 0.5F, 0.9F}, Values{0, 1, 1}) == 0.75);
  CHECK(std::isnan(auc(Values{0.5F, 0.6F}, Values{1, 1})));
}

TEST_CASE("AUC is the share of pairs in the right order", "[auc]") {
  Random random(5);
  std::vector<float> scores;
  std::vector<float> truth;
  for (int k = 0; k < 200; ++k) {
    truth.push_back(random.uniform() < 0.3 ? 1.0F : 0.0F);
    scores.push_back(truth.back() + static_cast<float>(random.below(6)));  // with ties
  }
  double right = 0.0;
  double pairs = 0.0;
  for (std::size_t a = 0; a < scores.size(); ++a) {
    for (std::size_t b = 0; b < scores.size(); ++b) {
      if (truth[a] == 1.0F && truth[b] == 0.0F) {
        right += scores[a] > scores[b] ? 1.0 : scores[a] == scores[b] ? 0.5 : 0.0;
        pairs += 1.0;
      }
    }
  }
  CHECK(auc(scores, truth) == Approx(right / pairs));
}

TEST_CASE("AUC by tag takes columns", "[auc]") {
  const std::vector<float> scores = {0.1F, 0.9F, 0.2F, 0.8F, 0.3F, 0.7F};
  const std::vector<float> truth = {0, 0, 0, 1, 1, 1};
  const std::vector<double> areas = auc_by_tag(scores, truth, 2);
  REQUIRE(areas.size() == 2);
  CHECK(areas[0] == 1.0);
  CHECK(areas[1] == 0.0);
  CHECK(mean_of(areas) == 0.5);
}
