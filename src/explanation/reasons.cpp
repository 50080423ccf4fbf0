#include "balse/explanation/reasons.hpp"

#include <algorithm>

namespace balse {
namespace {

bool has_taste(const TrainedModel& model, std::uint32_t user) {
  return model.has_tags() && !model.parameters.means.unseen_user(user);
}

// "a", "a and b", "a, b and c"
std::string list_of(const TrainedModel& model, const std::vector<Contribution>& contributions,
                    std::size_t k) {
  const std::size_t count = std::min(k, contributions.size());
  std::string text;
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) {
      text += i + 1 == count ? " and " : ", ";
    }
    text += model.tags[contributions[i].tag];
  }
  return text;
}

// Of an item without ratings: tags that nobody's taste speaks to are no reason either.
std::string no_reason(const Explanation& explanation, const std::string& item_name) {
  return "The model has " +
         (explanation.item_tags == 0 ? "neither ratings nor tags of " + item_name
                                     : "no ratings of " + item_name +
                                           ", and knows no taste that its tags could speak to") +
         ": what it predicts is " +
         (explanation.user_known ? "your own average" : "the average of all ratings") + ".";
}

}  // namespace

UserTaste taste_of(const TrainedModel& model, std::uint32_t user, std::size_t k) {
  UserTaste taste;
  if (!has_taste(model, user)) {
    return taste;
  }
  const LassoView& lasso = model.parameters.lasso;
  const auto tags = lasso.tags_of(user);
  const auto coefficients = lasso.coefficients_of(user);
  taste.tags = tags.size();
  for (std::size_t t = 0; t < tags.size(); ++t) {
    (coefficients[t] > 0.0 ? taste.preferred : taste.disliked)
        .push_back({tags[t], coefficients[t]});
  }
  // Equal coefficients stay in the order of the tags.
  std::stable_sort(taste.preferred.begin(), taste.preferred.end(),
                   [](const auto& a, const auto& b) { return a.coefficient > b.coefficient; });
  std::stable_sort(taste.disliked.begin(), taste.disliked.end(),
                   [](const auto& a, const auto& b) { return a.coefficient < b.coefficient; });
  taste.preferred.resize(std::min(k, taste.preferred.size()));
  taste.disliked.resize(std::min(k, taste.disliked.size()));
  return taste;
}

std::vector<Contribution> contributions_of(const TrainedModel& model, std::uint32_t user,
                                           std::uint32_t item) {
  std::vector<Contribution> result;
  if (!has_taste(model, user)) {
    return result;
  }
  const LassoView& lasso = model.parameters.lasso;
  const auto tastes = lasso.tags_of(user);
  const auto coefficients = lasso.coefficients_of(user);
  const auto tags = model.parameters.tags->tags_of(item);
  const auto weights = model.parameters.tags->weights_of(item);
  for (std::size_t a = 0, b = 0; a < tastes.size() && b < tags.size();) {
    if (tastes[a] == tags[b]) {
      const double value = coefficients[a] * weights[b];
      if (value != 0.0) {
        result.push_back({tags[b], weights[b], coefficients[a], value});
      }
      ++a;
      ++b;
    } else if (tastes[a] < tags[b]) {
      ++a;
    } else {
      ++b;
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& left, const auto& right) { return left.value > right.value; });
  return result;
}

Explanation explain(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                    std::uint32_t item) {
  Explanation result;
  const Block* const als = predictors.find(Model::als);
  const Block* const best = model.has_tags() ? predictors.find(Model::balse) : als;
  result.prediction = best->predict(user, item);
  result.fallback = best->fallback(user, item);
  result.item_ratings = model.count_of_item(item);
  result.item_tags = model.has_tags() ? model.parameters.tags->count(item) : 0;
  result.user_known = !model.parameters.means.unseen_user(user);
  result.als = als->predict(user, item);
  result.als_weight = model.weight_of_als(item);
  result.recommended = result.prediction > model.parameters.means.mean_of_user(user);
  if (model.has_tags()) {
    result.lasso = predictors.find(Model::lasso)->predict(user, item);
  }
  result.has_content = has_taste(model, user);
  if (!result.has_content) {
    return result;
  }
  for (const Contribution& contribution : contributions_of(model, user, item)) {
    (contribution.value > 0.0 ? result.speaking_for : result.speaking_against)
        .push_back(contribution);
  }
  std::reverse(result.speaking_against.begin(), result.speaking_against.end());
  result.intercept = model.parameters.lasso.intercept_of(user);
  result.lasso_unclipped = result.intercept;
  for (const auto* side : {&result.speaking_for, &result.speaking_against}) {
    for (const Contribution& contribution : *side) {
      result.lasso_unclipped += contribution.value;
    }
  }
  return result;
}

std::string sentence(const TrainedModel& model, const Explanation& explanation,
                     const std::string& item_name, std::size_t k) {
  const std::string good = list_of(model, explanation.speaking_for, k);
  const std::string bad = list_of(model, explanation.speaking_against, k);
  const bool tags_tell = explanation.has_content && explanation.item_tags > 0;
  if (good.empty() && bad.empty() && explanation.item_ratings == 0 && !tags_tell) {
    return no_reason(explanation, item_name);
  }
  std::string text = explanation.recommended ? "We recommend to you " : "You might not like ";
  text += item_name;
  const std::string& because = explanation.recommended ? good : bad;
  const std::string& although = explanation.recommended ? bad : good;
  if (!because.empty()) {
    text += ", because there is " + because;
  } else if (!explanation.has_content) {
    text += explanation.recommended ? ", as it is rated above the average"
                                    : ", as it is not rated above the average";
  } else if (explanation.item_ratings > 0 && explanation.als_weight > 0.0) {
    text += ", because of the ratings of users with a taste like yours";
  } else {
    text += explanation.recommended ? ", as items like it are rated above your average"
                                    : ", as nothing of it speaks to your taste";
  }
  if (!although.empty()) {
    text += ", even though there is " + although;
  }
  return text + ".";
}

}  // namespace balse
