// Who will like an item: the same as asking for everybody, one by one.

#include "balse/serving/recommend_users.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "serving/hand_made_model.hpp"
#include "support/sample_model.hpp"

using namespace balse;
using namespace balse::test;

namespace recommend_users_test {
namespace {

using Ranked = std::vector<std::pair<double, std::string>>;  // score downwards, id

bool has_rated(const TrainedModel& model, std::uint32_t user, std::uint32_t item) {
  const auto rated = model.rated_by(user);
  return std::find(rated.begin(), rated.end(), item) != rated.end();
}

/// The formulas of docs/recommendations.md, without any hurry.
double slow_score(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                  std::uint32_t item, RankBy by, double k) {
  const Model best = predictors.best();
  const RatingMeansView& means = model.data.means;
  const double unclipped = predictors.find_unclipped(best)->predict(user, item);
  if (by == RankBy::mean) {
    return unclipped;
  }
  const double p = std::clamp(predictors.find(best)->predict(user, item), 1.0, 5.0);
  const auto n = static_cast<double>(model.rated_by(user).size());
  const double d = (n * p + 5 * means.global) / (n + 5);
  if (by == RankBy::lower_bound) {
    const double deviation = predictors.find(best)->deviation(user, item);
    return std::isnan(deviation) ? d : d - k * deviation;
  }
  double sum = 0.5 * (d - means.global) / (means.highest - means.lowest);
  const SparseView neighbours = model.neighbours.sparse(Neighbours::kWeights);
  if (item >= neighbours.rows()) {
    return sum;
  }
  const auto others = neighbours.indices_of(item);
  for (std::size_t place = 0; place < others.size(); ++place) {
    sum += has_rated(model, user, others[place]) ? neighbours.values_of(item)[place] : 0.0;
  }
  return sum;
}

void check_against_slow(const TrainedModel& model) {
  const Predictors predictors = model.predictors();
  RecommendUsersOptions options;
  options.lower_bound_k = 1.5;
  for (const RankBy by : {RankBy::mean, RankBy::lower_bound, RankBy::relevance}) {
    for (std::uint32_t item = 0; item < model.items.size(); item += 4) {
      Ranked expected;
      for (std::uint32_t user = 0; user < model.users.size(); ++user) {
        if (!has_rated(model, user, item)) {
          expected.emplace_back(-slow_score(model, predictors, user, item, by, 1.5),
                                std::string(model.users[user]));
        }
      }
      std::sort(expected.begin(), expected.end());
      options.rank_by = by;
      options.count = 11;
      const auto found = UserRecommender(model, options).recommend(item);
      REQUIRE(found.size() == 11);
      for (std::size_t k = 0; k < found.size(); ++k) {
        CHECK(found[k].item == item);
        CHECK(found[k].rank_by == by);
        CHECK(model.users[found[k].user] == expected[k].second);
        CHECK(std::abs(found[k].rank_score + expected[k].first) < 1e-9);
      }
    }
  }
}

}  // namespace

TEST_CASE("users for an item are as if everybody was asked", "[serving]") {
  SECTION("the paper's gate") {
    const SampleModel sample;
    check_against_slow(sample.model());
  }
  SECTION("BALSE+") {
    const FullSampleModel sample;
    check_against_slow(sample.model());
  }
}

TEST_CASE("users for an item are the same bits at any number of threads", "[serving]") {
  const FullSampleModel sample;
  RecommendUsersOptions options;
  options.count = 100;
  options.threads = 1;
  const auto alone = UserRecommender(sample.model(), options).recommend(46);
  REQUIRE(alone.size() == 30);  // nobody has rated it
  CHECK(alone[0].rank_by == RankBy::lower_bound);
  for (const int threads : {2, 5}) {
    options.threads = threads;
    const auto found = UserRecommender(sample.model(), options).recommend(46);
    REQUIRE(found.size() == alone.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
      CHECK(found[k].user == alone[k].user);
      CHECK(found[k].rank_score == alone[k].rank_score);
    }
  }
}

TEST_CASE("a user says as much about an item as an item about the user", "[serving]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  RecommendUsersOptions users;
  users.count = 100;
  users.rank_by = RankBy::mean;
  RecommendOptions items;
  items.count = 100;
  items.rank_by = RankBy::mean;
  RecommendScratch scratch;
  const auto for_item = UserRecommender(model, users).recommend(7);
  CHECK(!for_item.empty());
  for (const Recommendation& one : for_item) {
    bool is_there = false;
    for (const auto& other : Recommender(model, items).recommend(one.user, scratch)) {
      if (other.item == 7) {
        is_there = true;
        CHECK(other.score == Approx(one.score).margin(1e-9));
        CHECK(other.fallback == one.fallback);
        REQUIRE(other.reasons.size() == one.reasons.size());
        for (std::size_t k = 0; k < one.reasons.size(); ++k) {
          CHECK(other.reasons[k].index == one.reasons[k].index);
        }
      }
    }
    CHECK(is_there);
  }
}

TEST_CASE("users of one rating do not lead a list", "[serving]") {
  // Two users whom ALS predicts 5 and 4.5; the first has one rating, the other forty.
  HandMadeModel hand_made;
  hand_made.users = {"once", "often"};
  hand_made.user_mean = {5.0, 4.0};
  hand_made.user_count = {1, 40};
  hand_made.item_count.assign(41, 1);
  hand_made.item_mean.assign(41, 3.0);
  hand_made.rated_start = {0, 1, 41};
  hand_made.rated_item = {0};
  for (std::uint32_t item = 0; item < 41; ++item) {
    hand_made.items.push_back("i" + std::to_string(item));
    if (item < 40) {
      hand_made.rated_item.push_back(item);
    }
  }
  hand_made.put_together({5.0, 4.5}, std::vector<double>(41, 1.0), {0.0, 0.0});
  const TrainedModel& model = hand_made.model;
  RecommendUsersOptions options;
  const auto first = [&](RankBy by) {
    options.rank_by = by;
    return UserRecommender(model, options).recommend(40)[0];
  };
  CHECK(first(RankBy::mean).user == 0);
  CHECK(first(RankBy::lower_bound).user == 1);
  CHECK(first(RankBy::lower_bound).rank_score == Approx((40 * 4.5 + 5 * 3.0) / 45));
  CHECK(first(RankBy::lower_bound).score == 4.5);
}

TEST_CASE("only some users, only good ones, only a few", "[serving]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  RecommendUsersOptions options;
  options.users = {5, 3, 5, 9};
  CHECK(UserRecommender(model, options).recommend(46).size() == 3);
  options.users.reset();
  options.count = 2;
  options.rank_by = RankBy::mean;
  const auto two = UserRecommender(model, options).recommend(46);
  REQUIRE(two.size() == 2);
  options.count = 100;
  options.min_score = two[1].score;
  for (const Recommendation& one : UserRecommender(model, options).recommend(46)) {
    CHECK(one.score >= two[1].score);
  }
  options.reasons = 1;
  for (const Recommendation& one : UserRecommender(model, options).recommend(46)) {
    CHECK(one.reasons.size() <= 1);
  }
  options.count = 0;
  CHECK(UserRecommender(model, options).recommend(46).empty());
}

}  // namespace recommend_users_test
