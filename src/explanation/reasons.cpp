#include "balse/explanation/reasons.hpp"

#include <algorithm>
#include <cmath>
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

// How many of the user's ratings are of items that carry each tag.
std::vector<std::size_t> ratings_by_tag(const TrainedModel& model, std::uint32_t user) {
  std::vector<std::size_t> counts(model.tags.size());
  if (model.has_tags()) {
    for (const std::uint32_t item : model.rated_by(user)) {
      for (const std::uint32_t tag : model.data.tags->tags_of(item)) {
        ++counts[tag];
      }
    }
  }
  return counts;
}

// By part, what its weight makes of the shares in its factors.
FactorShares factor_shares(const TrainedModel& model, const Predictors& predictors,
                           std::uint32_t user, std::uint32_t item,
                           const std::vector<PartExplanation>& parts) {
  FactorShares result;
  const std::vector<double> values = model.ratings_by(user);
  if (values.empty()) {
    return result;
  }
  const RatedItems rated = {.item = model.rated_by(user), .value = values};
  for (std::size_t k = 0; k < values.size(); ++k) {
    result.rated.push_back({.item = rated.item[k], .rating = values[k]});
  }
  for (const PartExplanation& part : parts) {
    for (const Term& term : part.reasons.terms) {
      result.value += term.of == Term::Of::factors ? part.weight * term.value : 0.0;
    }
    const std::vector<double> shares =
        predictors.find(part.model)->factor_shares(user, item, rated);
    result.known = result.known || !shares.empty();
    for (std::size_t k = 0; k < shares.size(); ++k) {
      result.rated[k].share += part.weight * shares[k];
    }
  }
  if (!result.known) {
    return {};
  }
  std::stable_sort(result.rated.begin(), result.rated.end(), [](const auto& a, const auto& b) {
    return std::abs(a.share) > std::abs(b.share);
  });
  result.rest = result.value;
  for (const RatedShare& one : result.rated) {
    result.rest -= one.share;
  }
  return result;
}

}  // namespace

UserTaste taste_of(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                   std::size_t k, const std::vector<bool>& hidden) {
  UserTaste taste;
  const std::optional<Model> content = content_of(predictors);
  if (!content) {
    return taste;
  }
  for (const Term& term : predictors.find(*content)->taste(user, model.rated_by(user))) {
    ++taste.tags;
    if (!hidden.empty() && hidden[term.index]) {
      continue;
    }
    (term.coefficient > 0.0 ? taste.preferred : taste.disliked)
        .push_back({term.index, term.coefficient, term.deviation});
  }
  // Equal coefficients stay in the order of the tags.
  std::stable_sort(taste.preferred.begin(), taste.preferred.end(),
                   [](const auto& a, const auto& b) { return a.coefficient > b.coefficient; });
  std::stable_sort(taste.disliked.begin(), taste.disliked.end(),
                   [](const auto& a, const auto& b) { return a.coefficient < b.coefficient; });
  taste.preferred.resize(std::min(k, taste.preferred.size()));
  taste.disliked.resize(std::min(k, taste.disliked.size()));
  const std::vector<std::size_t> ratings = ratings_by_tag(model, user);
  for (auto* side : {&taste.preferred, &taste.disliked}) {
    for (TagTaste& one : *side) {
      one.ratings = ratings[one.tag];
    }
  }
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
  result.item = item;
  const Model best = predictors.best();
  result.prediction = predictors.find(best)->predict(user, item);
  result.fallback = predictors.find(best)->fallback(user, item);
  result.item_ratings = model.count_of_item(item);
  result.item_tags = model.has_tags() ? model.data.tags->count(item) : 0;
  result.user_known = !model.data.means.unseen_user(user);
  result.user_mean = model.data.means.mean_of_user(user);
  result.recommended = result.prediction > result.user_mean;
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
  result.factors = factor_shares(model, predictors, user, item, result.parts);
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

}  // namespace balse
