// The orders of recommend on a model small enough to be ranked by hand.

#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/serving/recommend.hpp"

#include "serving/hand_made_model.hpp"

using namespace balse;
using namespace balse::test;

namespace {

/// User "me", who rates 4 on average, has rated a and b; "none" has rated nothing. `predictions`
/// are what ALS predicts for "me".
struct TinyModel : HandMadeModel {
  explicit TinyModel(std::vector<double> predictions = {4.0, 4.0, 6.0, 4.5, 3.0}) {
    users = {"me", "none"};
    items = {"a", "b", "once", "often", "never"};
    item_count = {2, 9, 1, 150, 0};
    item_mean = {3.0, 3.0, 5.0, 4.0, 3.0};
    user_count = {2, 0};
    user_mean = {4.0, 3.0};
    rated_start = {0, 2, 2};
    rated_item = {0, 1};
    put_together({1.0, 0.0}, std::move(predictions), {0.0, 3.0});
    // Of "never", which "me" has rated two neighbours of, and of "once".
    model.neighbours.add(Neighbours::kWeights, {0, 0, 0, 1, 1, 4}, {3, 0, 1, 3},
                         {7.0, 0.3, 0.2, 9.0});
  }

  std::string order(std::uint32_t user, const RecommendOptions& options) const {
    RecommendScratch scratch;
    std::string names;
    for (const Recommendation& one : Recommender(model, options).recommend(user, scratch)) {
      names += (names.empty() ? "" : " ") + std::string(model.items[one.item]);
    }
    return names;
  }

  Recommendation find(const std::string& item, std::uint32_t user,
                      const RecommendOptions& options) const {
    RecommendScratch scratch;
    for (const Recommendation& one : Recommender(model, options).recommend(user, scratch)) {
      if (model.items[one.item] == item) {
        return one;
      }
    }
    FAIL("not recommended: " << item);
    return {};
  }
};

}  // namespace

TEST_CASE("mean ranks by the prediction, and shows it within the scale", "[serving]") {
  const TinyModel tiny;
  RecommendOptions options;
  options.rank_by = RankBy::mean;
  CHECK(tiny.order(0, options) == "once often never");
  CHECK(tiny.find("once", 0, options).score == 5.0);
  CHECK(tiny.find("once", 0, options).rank_score == 6.0);
}

TEST_CASE("lower-bound believes a prediction by how many have rated the item", "[serving]") {
  const TinyModel tiny;
  RecommendOptions options;
  options.rank_by = RankBy::lower_bound;
  CHECK(tiny.order(0, options) == "often once never");
  // (n p + 50 m) / (n + 50) with m = min(4, 3).
  CHECK(tiny.find("often", 0, options).rank_score == Approx((150 * 4.5 + 50 * 3.0) / 200));
  CHECK(tiny.find("once", 0, options).rank_score == Approx((5.0 + 50 * 3.0) / 51));
  CHECK(tiny.find("never", 0, options).rank_score == 3.0);
  CHECK(tiny.find("often", 0, options).score == 4.5);
}

TEST_CASE("relevance adds up neighbours, and what the item is predicted", "[serving]") {
  TinyModel tiny;
  RecommendOptions options;
  CHECK(default_order(tiny.model, options) == RankBy::relevance);
  CHECK(tiny.order(0, options) == "never often once");
  const double worth = 0.5 / 4.0;
  CHECK(tiny.find("never", 0, options).rank_score == Approx(0.3 + 0.2 + worth * (3.0 - 4.0)));
  CHECK(tiny.find("often", 0, options).rank_score == Approx(worth * (4.125 - 4.0)));
  CHECK(tiny.find("often", 0, options).rank_by == RankBy::relevance);
  // What is predicted below the mean of all, and of the user, comes last whatever its neighbours.
  const TinyModel disliked({4.0, 4.0, 6.0, 4.5, 2.9});
  CHECK(disliked.order(0, options) == "often once never");
  // What nobody knows is ranked by its content; without neighbours there is no relevance.
  options.only = Candidates::little_known;
  CHECK(tiny.find("once", 0, options).rank_by == RankBy::mean);
  tiny.model.neighbours = {};
  options.only = Candidates::all;
  CHECK(!has_neighbours(tiny.model));
  CHECK(tiny.find("once", 0, options).rank_by == RankBy::lower_bound);
}

TEST_CASE("users without ratings get what many have rated well, or what most have rated",
          "[serving]") {
  const TinyModel tiny;
  RecommendOptions options;
  for (const std::uint32_t user : {1U, 2U}) {  // known without ratings; unknown
    // (n mean + 50 * 3) / (n + 50): 3.75, 3.04, 3, 3, 3
    CHECK(tiny.order(user, options) == "often once a b never");
    CHECK(tiny.find("once", user, options).score == Approx((5.0 + 150.0) / 51));
    CHECK(tiny.find("once", user, options).rank_by == RankBy::damped_mean);
    options.popular = true;
    CHECK(tiny.order(user, options) == "often b a once never");
    CHECK(tiny.find("once", user, options).rank_by == RankBy::popular);
    CHECK(tiny.find("once", user, options).rank_score == 1.0);
    options.popular = false;
  }
}

TEST_CASE("lower-bound subtracts what a model says it may be wrong by", "[serving]") {
  const FullSampleModel sample;
  const TrainedModel& model = sample.model();
  RecommendOptions options;
  options.count = 5;
  options.rank_by = RankBy::lower_bound;
  RecommendScratch scratch;
  const auto bounds = [&](double k) {
    options.lower_bound_k = k;
    options.items = {5};
    return Recommender(model, options).recommend(3, scratch);
  };
  if (const auto found = bounds(0.0); !found.empty()) {
    const Predictors predictors = model.predictors();
    const double deviation = predictors.find(predictors.best())->deviation(3, 5);
    CHECK(deviation > 0.0);
    CHECK(bounds(2.0)[0].rank_score == Approx(found[0].rank_score - 2.0 * deviation));
  }
}

TEST_CASE("items and tags can be left out or asked for", "[serving]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  CandidateOptions options;
  const auto all = candidates_of(model, options);
  CHECK(all.size() == model.items.size());
  options.excluded_items = {7, 3};
  CHECK(candidates_of(model, options).size() == all.size() - 2);
  options.excluded_items.clear();
  const auto weight = [&](std::uint32_t item, std::uint32_t tag) {
    const auto tags = model.data.tags->tags_of(item);
    for (std::size_t k = 0; k < tags.size(); ++k) {
      if (tags[k] == tag) {
        return model.data.tags->weights_of(item)[k];
      }
    }
    return 0.0F;
  };
  std::size_t with = 0;
  for (const std::uint32_t item : all) {
    with += weight(item, 2) >= 0.5F ? 1 : 0;
  }
  REQUIRE(with > 0);
  options.tag_weight = 0.5;
  options.excluded_tags = {2};
  CHECK(candidates_of(model, options).size() == all.size() - with);
  options.excluded_tags.clear();
  options.required_tags = {2};
  const auto required = candidates_of(model, options);
  CHECK(required.size() == with);
  for (const std::uint32_t item : required) {
    CHECK(weight(item, 2) >= 0.5F);
  }
  options.excluded_tags = {2};
  CHECK(candidates_of(model, options).empty());
}
