#include "balse/explanation/reasons.hpp"

#include <algorithm>
#include <string>

#include <catch2/catch.hpp>

#include "support/sample_model.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

TEST_CASE("a taste is the largest and smallest coefficients of the user", "[explanation]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  const SparseView lasso =
      model.parameters[index_of(Model::lasso)].sparse(LassoBlock::kCoefficients);
  std::size_t seen = 0;
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    const UserTaste all = taste_of(model, predictors, user, 1000);
    const UserTaste two = taste_of(model, predictors, user, 2);
    CHECK(all.tags == lasso.indices_of(user).size());
    CHECK(all.preferred.size() + all.disliked.size() == all.tags);
    CHECK(two.preferred.size() == std::min<std::size_t>(2, all.preferred.size()));
    for (std::size_t k = 0; k < all.preferred.size(); ++k) {
      CHECK(all.preferred[k].coefficient > 0.0);
      CHECK((k == 0 || all.preferred[k - 1].coefficient >= all.preferred[k].coefficient));
    }
    for (std::size_t k = 0; k < all.disliked.size(); ++k) {
      CHECK(all.disliked[k].coefficient < 0.0);
      CHECK((k == 0 || all.disliked[k - 1].coefficient <= all.disliked[k].coefficient));
    }
    seen += all.tags;
  }
  CHECK(seen > 30);
  CHECK(taste_of(model, predictors, 999, 6).tags == 0);
  const SampleModel without(false);
  CHECK(taste_of(without.model(), without.model().predictors(), 0, 6).tags == 0);
}

TEST_CASE("contributions add up exactly to the LASSO prediction", "[explanation]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    for (std::uint32_t item = 0; item <= model.items.size(); ++item) {
      const Explanation why = explain(model, predictors, user, item);
      double sum = why.intercept;
      for (const Contribution& one : why.speaking_for) {
        REQUIRE(one.value == one.weight * one.coefficient);
        REQUIRE(one.value > 0.0);
        sum += one.value;
      }
      for (const Contribution& one : why.speaking_against) {
        REQUIRE(one.value < 0.0);
        sum += one.value;
      }
      REQUIRE(why.has_content);
      REQUIRE(sum == why.unclipped);
      const auto& lasso = model.parameters[index_of(Model::lasso)];
      REQUIRE(sum == Approx(predict_lasso(lasso.sparse(LassoBlock::kCoefficients),
                                          lasso.vector(LassoBlock::kIntercept), user, item,
                                          *model.data.tags)));
      const auto& range = model.clipping.range;
      REQUIRE(why.part(Model::lasso)->prediction == Approx(std::clamp(sum, range.low, range.high)));
      double blend = 0.0;
      double weights = 0.0;
      for (const PartExplanation& part : why.parts) {
        blend += part.weight * part.prediction;
        weights += part.weight;
      }
      REQUIRE(weights == Approx(1.0));
      REQUIRE(why.prediction == Approx(blend));
    }
  }
}

TEST_CASE("sentences have the paper's form", "[explanation]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  Explanation why;
  why.has_content = true;
  why.recommended = true;
  const auto term = [](std::uint32_t tag, double value) {
    return Contribution{.index = tag, .coefficient = value, .value = value};
  };
  why.speaking_for = {term(1, 3), term(2, 2), term(3, 1), term(4, .5)};
  CHECK(sentence(model, why, "the anime X") ==
        "We recommend to you the anime X, because there is t1, t2 and t3.");
  why.recommended = false;
  why.speaking_against = {term(5, -9)};
  CHECK(sentence(model, why, "the anime X", {.tags = 2}) ==
        "You might not like the anime X, because there is t5, even though there is t1 and t2.");
  // Tags that together speak for it are no reason against it.
  why.speaking_against = {term(5, -1)};
  CHECK(
      sentence(model, why, "the anime X") ==
      "You might not like the anime X, as nothing of it speaks to your taste, even though there is "
      "t1, t2 and t3.");
  std::vector<bool> hidden(model.tags.size());
  hidden[2] = hidden[5] = true;
  CHECK(
      sentence(model, why, "the anime X", {.hidden = &hidden}) ==
      "You might not like the anime X, as nothing of it speaks to your taste, even though there is "
      "t1, t3 and t4.");
  // What moved it most is named first.
  why.user_known = true;
  why.item_ratings = 9;
  why.user_mean = 7.0;
  why.parts = {{.model = Model::als, .prediction = 4.0, .weight = 0.5, .reasons = {}},
               {.model = Model::lasso, .prediction = 6.0, .weight = 0.5, .reasons = {}}};
  why.speaking_for = {term(1, 1)};
  why.speaking_against = {term(5, -2), term(6, -1)};
  CHECK(
      sentence(model, why, "the anime X") ==
      "You might not like the anime X, mostly because of what people with your taste think of it, "
      "and because there is t5 and t6, even though there is t1.");
  why.speaking_against = {term(5, -8)};
  CHECK(sentence(model, why, "the anime X") ==
        "You might not like the anime X, because there is t5, even though there is t1.");
  const Predictors predictors = model.predictors();
  const Explanation unknown = explain(model, predictors, 999, 0);
  CHECK_FALSE(unknown.has_content);
  CHECK_THAT(sentence(model, unknown, "the item i0"), Contains("rated above the average"));
}

TEST_CASE("no sentence contradicts its prediction", "[explanation]") {
  const SampleModel sample;
  const TrainedModel& model = sample.model();
  const Predictors predictors = model.predictors();
  std::size_t tags_named = 0;
  for (std::uint32_t user = 0; user < model.users.size(); ++user) {
    for (std::uint32_t item = 0; item < model.items.size(); ++item) {
      const Explanation why = explain(model, predictors, user, item);
      const std::string text = sentence(model, why, "X");
      INFO(text);
      REQUIRE(why.recommended == (why.prediction > model.data.means.mean_of_user(user)));
      REQUIRE(text.starts_with(why.recommended ? "We recommend" : "You might not like"));
      double tags = 0.0;
      for (const auto* side : {&why.speaking_for, &why.speaking_against}) {
        for (const Contribution& one : *side) {
          tags += one.value;
        }
      }
      if (text.find("because there is") != std::string::npos) {
        ++tags_named;
        REQUIRE((tags > 0.0) == why.recommended);
      }
    }
  }
  CHECK(tags_named > 50);
}
