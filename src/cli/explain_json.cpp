#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "balse/support/printable.hpp"

#include "explain_answer.hpp"

namespace balse::cli {
namespace {

using Json = nlohmann::ordered_json;

Json tastes_json(const TrainedModel& model, const std::vector<TagTaste>& tastes) {
  Json json = Json::array();
  for (const TagTaste& taste : tastes) {
    const bool known = !std::isnan(taste.deviation);
    json.push_back({{"tag", model.tags[taste.tag]},
                    {"coefficient", taste.coefficient},
                    {"ratings", taste.ratings},
                    {"interval", known ? Json::array({taste.coefficient - taste.margin(),
                                                      taste.coefficient + taste.margin()})
                                       : Json(nullptr)}});
  }
  return json;
}

// A tag, unless it is hidden, and what it adds.
Json contributions_json(const ExplainQuestion& question,
                        const std::vector<Contribution>& contributions) {
  Json json = Json::array();
  for (const Contribution& contribution : contributions) {
    Json& one = json.emplace_back(Json::object());
    if (!question.hides(contribution.index)) {
      one["tag"] = question.model.tags[contribution.index];
    }
    one.update({{"weight", contribution.weight},
                {"coefficient", contribution.coefficient},
                {"contribution", contribution.value}});
  }
  return json;
}

Json poster_json(const ExplainQuestion& question) {
  Json json = Json::array();
  for (const ItemTag& tag : poster_of(question)) {
    json.push_back({{"tag", question.model.tags[tag.tag]},
                    {"weight", tag.weight},
                    {"coefficient", tag.coefficient},
                    {"contribution", tag.value}});
  }
  return json;
}

// What factors add, and the ratings that it goes back to; null where that is not known.
Json factors_json(const TrainedModel& model, const FactorShares& factors) {
  if (!factors.known) {
    return nullptr;
  }
  Json rated = Json::array();
  for (const RatedShare& share : factors.rated) {
    Json& one = rated.emplace_back(Json{{"item", model.items[share.item]}});
    if (const auto title = model.titles[share.item]; !title.empty()) {
      one["title"] = title;
    }
    one.update({{"rating", share.rating}, {"share", share.share}});
  }
  return {{"value", factors.value}, {"rated", std::move(rated)}, {"rest", factors.rest}};
}

std::string_view key_of(Term::Of of) {
  static constexpr std::string_view kKeys[] = {"tag",     "user",  "item",    "popularity",
                                               "similar", "style", "factors", "cut"};
  return kKeys[static_cast<std::size_t>(of)];
}

// What every block says, whether the best model listens to it or not, and why.
Json blocks_json(const ExplainQuestion& question) {
  Json json;
  for (const BlockKind& kind : block_kinds()) {
    const Block* const block = question.predictors.find(kind.model);
    if (block == nullptr) {
      continue;
    }
    Json& of_block = json[std::string(kind.name)] = {
        {"prediction", block->predict(question.user, question.item)}};
    const Reasons reasons = block->reasons(question.user, question.item);
    if (!reasons.known) {
      continue;
    }
    of_block["constant"] = reasons.constant;
    of_block["terms"] = Json::array();
    for (const Term& term : reasons.terms) {
      Json one = {{"of", key_of(term.of)}};
      if (term.of == Term::Of::tag && !question.hides(term.index)) {
        one["tag"] = question.model.tags[term.index];
      }
      one["value"] = term.value;
      of_block["terms"].push_back(std::move(one));
    }
  }
  return json;
}

// Of a user without ratings the model has only everybody's mean, which is not theirs.
Json mean_json(const ExplainQuestion& question) {
  const RatingMeansView& means = question.model.data.means;
  return means.unseen_user(question.user) ? Json(nullptr) : Json(means.mean_of_user(question.user));
}

Json taste_json(const ExplainQuestion& question) {
  const TrainedModel& model = question.model;
  const UserTaste taste = taste_of(question);
  Json json = {{"user", question.user_id},
               {"known", !model.data.means.unseen_user(question.user)},
               {"ratings", model.rated_by(question.user).size()},
               {"mean", mean_json(question)},
               {"tags", taste.tags},
               {"preferred", tastes_json(model, taste.preferred)},
               {"disliked", tastes_json(model, taste.disliked)}};
  if (const std::string missing = what_is_missing(question); !missing.empty()) {
    json["note"] = missing;
  }
  return json;
}

Json item_json(const ExplainQuestion& question, const Explanation& explanation) {
  const TrainedModel& model = question.model;
  Json json = {{"user", question.user_id}, {"item", question.item_id}};
  if (const auto title = model.titles[question.item]; !title.empty()) {
    json["title"] = title;
  }
  json.update({{"item_known", question.item < model.items.size()},
               {"item_ratings", model.count_of_item(question.item)},
               {"user_mean", mean_json(question)},
               {"item_tags", explanation.item_tags},
               {"prediction", explanation.prediction},
               {"fallback", name_of(explanation.fallback)}});
  for (const PartExplanation& part : explanation.parts) {
    const std::string name(name_of(part.model));
    json[name] = part.prediction;
    json[name + "_weight"] = part.weight;
  }
  for (const BlendKind& kind : blend_kinds()) {
    for (const Model part : kind.parts) {
      if (question.predictors.find(part) == nullptr) {
        json[std::string(name_of(part))] = nullptr;  // a program need not ask what the model has
      }
    }
  }
  json["blocks"] = blocks_json(question);
  if (explanation.has_content) {
    json["intercept"] = explanation.intercept;
    for (const Term& term : explanation.besides) {
      json["besides"][std::string(key_of(term.of))] = term.value;
    }
    json["for"] = contributions_json(question, explanation.speaking_for);
    json["against"] = contributions_json(question, explanation.speaking_against);
    json[std::string(name_of(explanation.content)) + "_unclipped"] = explanation.unclipped;
  }
  json["factors"] = factors_json(model, explanation.factors);
  json["poster"] = poster_json(question);
  json["sentence"] = sentence_of(question, explanation);
  if (const std::string missing = what_is_missing(question); !missing.empty()) {
    json["note"] = missing;
  }
  return json;
}

}  // namespace

std::string explain_as_json(const ExplainQuestion& question, bool one_line) {
  if (question.user_id.empty()) {
    return profile_as_json(question, one_line);
  }
  const Json json = question.item_id.empty()
                        ? taste_json(question)
                        : item_json(question, explain(question.model, question.predictors,
                                                      question.user, question.item));
  // An id on the command line may be no UTF-8.
  return escape_json(json.dump(one_line ? -1 : 2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace balse::cli
