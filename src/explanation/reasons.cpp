#include "balse/explanation/reasons.hpp"

#include <algorithm>
#include <iterator>
#include <optional>

namespace balse {
namespace {

bool is_of_tag(const Term& term) {
  return term.of == Term::Of::tag;
}

// Who speaks of tags: the best model itself where it adds up what all its parts say, otherwise the
// first part that needs tags.
std::optional<Model> content_of(const Predictors& predictors) {
  const Model best = predictors.best();
  if (predictors.blend(best) != nullptr && predictors.blend(best)->adds_up()) {
    return best;
  }
  for (const Model part : Predictors::parts_of(predictors.best())) {
    if (needs_tags(part)) {
      return part;
    }
  }
  return std::nullopt;
}

// The share of a prediction that does not come from tags.
double weight_of_ratings(const Explanation& explanation) {
  double weight = 0.0;
  for (const PartExplanation& part : explanation.parts) {
    weight += explanation.has_content && part.model == explanation.content ? 0.0 : part.weight;
  }
  return weight;
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
    text += model.tags[contributions[i].index];
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

UserTaste taste_of(const Predictors& predictors, std::uint32_t user, std::size_t k) {
  UserTaste taste;
  const std::optional<Model> content = content_of(predictors);
  if (!content) {
    return taste;
  }
  for (const Term& term : predictors.find(*content)->taste(user)) {
    ++taste.tags;
    (term.coefficient > 0.0 ? taste.preferred : taste.disliked)
        .push_back({term.index, term.coefficient});
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

std::vector<Contribution> contributions_of(const Predictors& predictors, std::uint32_t user,
                                           std::uint32_t item) {
  std::vector<Contribution> result;
  if (const std::optional<Model> content = content_of(predictors)) {
    const Reasons reasons = predictors.find(*content)->reasons(user, item);
    std::copy_if(reasons.terms.begin(), reasons.terms.end(), std::back_inserter(result), is_of_tag);
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const auto& left, const auto& right) { return left.value > right.value; });
  return result;
}

const PartExplanation* Explanation::part(Model model) const {
  const auto found = std::find_if(parts.begin(), parts.end(),
                                  [&](const PartExplanation& part) { return part.model == model; });
  return found == parts.end() ? nullptr : &*found;
}

Explanation explain(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                    std::uint32_t item) {
  Explanation result;
  const Model best = predictors.best();
  result.prediction = predictors.find(best)->predict(user, item);
  result.fallback = predictors.find(best)->fallback(user, item);
  result.item_ratings = model.count_of_item(item);
  result.item_tags = model.has_tags() ? model.data.tags->count(item) : 0;
  result.user_known = !model.data.means.unseen_user(user);
  result.recommended = result.prediction > model.data.means.mean_of_user(user);
  const bool adds_up = predictors.blend(best) != nullptr && predictors.blend(best)->adds_up();
  for (const Model part : Predictors::parts_of(best)) {
    const bool is_there = predictors.find(part) != nullptr;
    const double weight = is_there ? predictors.weight(best, part, user, item) : 0.0;
    if (!is_there || (adds_up && weight == 0.0)) {
      continue;  // nobody asks it about this item
    }
    result.parts.push_back({.model = part,
                            .prediction = predictors.find(part)->predict(user, item),
                            .weight = weight,
                            .reasons = predictors.find(part)->reasons(user, item)});
  }
  std::sort(result.parts.begin(), result.parts.end(),
            [](const auto& left, const auto& right) { return left.model < right.model; });
  const std::optional<Model> content = content_of(predictors);
  const Reasons reasons = content ? predictors.find(*content)->reasons(user, item) : Reasons{};
  result.has_content = reasons.known;
  if (!result.has_content) {
    return result;
  }
  result.content = *content;
  std::copy_if(reasons.terms.begin(), reasons.terms.end(), std::back_inserter(result.besides),
               [](const Term& term) { return !is_of_tag(term); });
  for (const Contribution& contribution : contributions_of(predictors, user, item)) {
    (contribution.value > 0.0 ? result.speaking_for : result.speaking_against)
        .push_back(contribution);
  }
  std::reverse(result.speaking_against.begin(), result.speaking_against.end());
  result.intercept = reasons.constant;
  result.content_prediction = predictors.find(*content)->predict(user, item);
  result.unclipped = result.intercept;
  for (const auto* side : {&result.besides, &result.speaking_for, &result.speaking_against}) {
    for (const Contribution& contribution : *side) {
      result.unclipped += contribution.value;
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
  } else if (explanation.item_ratings > 0 && weight_of_ratings(explanation) > 0.0) {
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
