#include "balse/serving/recommend.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "support/sample_model.hpp"

using namespace balse;
using namespace balse::test;

namespace {

std::vector<Recommendation> recommend(const TrainedModel& model, std::uint32_t user,
                                      const RecommendOptions& options) {
  RecommendScratch scratch;
  return Recommender(model, options).recommend(user, scratch);
}

}  // namespace

TEST_CASE("recommendations are the best items that a user has not rated", "[serving]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  RecommendOptions options;
  options.count = 7;
  options.rank_by = RankBy::mean;
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    std::vector<std::pair<double, std::string>> expected;
    for (std::uint32_t item = 0; item < model.items.size(); ++item) {
      const auto rated = model.rated_by(user);
      if (std::find(rated.begin(), rated.end(), item) == rated.end()) {
        expected.emplace_back(-predictors.find(Model::balse)->predict(user, item),
                              std::string(model.items[item]));
      }
    }
    std::sort(expected.begin(), expected.end());
    const auto found = recommend(model, user, options);
    REQUIRE(found.size() == 7);
    for (std::size_t k = 0; k < found.size(); ++k) {
      CHECK(model.items[found[k].item] == expected[k].second);
      CHECK(found[k].rank_score == Approx(-expected[k].first));
      CHECK(found[k].score == Approx(std::clamp(-expected[k].first, 1.0, 5.0)));
      for (const Contribution& reason : found[k].reasons) {
        CHECK(reason.value > 0.0);
      }
    }
  }
}

TEST_CASE("equal scores are ordered by the item's id", "[serving]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  RecommendOptions options;
  options.count = 100;
  for (const RankBy order : {RankBy::mean, RankBy::lower_bound, RankBy::relevance}) {
    options.rank_by = order;
    const auto found = recommend(model, 0, options);
    CHECK(found.size() > 20);
    // By relevance, what is predicted below the means of the user and of all comes after all else.
    const auto rank = [&](const Recommendation& one) {
      const RatingMeansView& means = model.data.means;
      const bool last =
          order == RankBy::relevance && one.score < std::min(means.mean_of_user(0), means.global);
      return std::pair(!last, one.rank_score);
    };
    for (std::size_t k = 1; k < found.size(); ++k) {
      CHECK((rank(found[k - 1]) > rank(found[k]) ||
             (rank(found[k - 1]) == rank(found[k]) &&
              model.items[found[k - 1].item] < model.items[found[k].item])));
    }
  }
}

TEST_CASE("candidates can be restricted", "[serving]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  RecommendOptions options;
  options.count = 100;
  options.only = Candidates::cold;
  const auto cold = recommend(model, 0, options);
  CHECK(cold.size() == 3);
  for (const Recommendation& one : cold) {
    CHECK(model.count_of_item(one.item) == 0);
  }
  options.only = Candidates::little_known;
  options.fewer_than = 10;
  for (const Recommendation& one : recommend(model, 0, options)) {
    CHECK(model.count_of_item(one.item) < 10);
  }
  options.only = Candidates::known;
  const auto known = recommend(model, 0, options);
  CHECK(!known.empty());
  for (const Recommendation& one : known) {
    CHECK(model.count_of_item(one.item) >= 10);
  }
  options.only = Candidates::all;
  options.min_ratings = 12;
  for (const Recommendation& one : recommend(model, 0, options)) {
    CHECK(model.count_of_item(one.item) >= 12);
  }
  options.min_ratings = 0;
  options.rank_by = RankBy::mean;
  const double best = recommend(model, 0, options)[0].score;
  options.min_score = best - 0.2;
  const auto good = recommend(model, 0, options);
  CHECK(!good.empty());
  CHECK(good.back().score >= best - 0.2);
  options.min_score.reset();
  options.items = {47, 46, 47};
  const auto two = recommend(model, 0, options);
  CHECK(two.size() == 2);
  options.count = 0;
  CHECK(recommend(model, 0, options).empty());
}
