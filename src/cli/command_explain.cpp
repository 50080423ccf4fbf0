#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "balse/explanation/reasons.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "model_input.hpp"
#include "path_conflicts.hpp"
#include "standard_output.hpp"

namespace balse::cli {
namespace {

using Json = nlohmann::ordered_json;

// An id on the command line may be no UTF-8.
std::string json_text(const Json& json) {
  return escape_json(json.dump(2, ' ', false, Json::error_handler_t::replace)) + "\n";
}

class ExplainCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  struct Question {
    const TrainedModel& model;
    const Predictors& predictors;
    std::uint32_t user;
    std::uint32_t item;
  };

  Question question(const TrainedModel& model, const Predictors& predictors) const;
  std::string item_name(const Question& question) const;
  static Json mean_json(const Question& question);
  Json user_json(const Question& question) const;
  Json item_json(const Question& question, const Explanation& explanation) const;
  std::string user_text(const Question& question) const;
  std::string item_text(const Question& question, const Explanation& explanation) const;
  std::string what_is_missing(const Question& question) const;

  ModelInput model_;
  std::string user_;
  std::string item_;
  std::size_t k_ = 6;
  bool json_ = false;
};

void ExplainCommand::setup(CLI::App& app) {
  model_.declare(app);
  app.add_option("--user", user_, "The user")->required()->type_name("ID");
  app.add_option("--item", item_, "Why this item is, or is not, for the user")->type_name("ID");
  app.add_option("-k,--tags-shown", k_, "How many tags a side")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  app.add_flag("--json", json_, "For programs: all numbers in full, all contributing tags");
}

std::vector<Example> ExplainCommand::examples() const {
  return {
      {"What a user likes", {"balse explain --model site.balse.safetensors --user 42"}},
      {"Why an item is, or is not, for them",
       {"balse explain --model site.balse.safetensors --user 42 --item 1234"}},
  };
}

// Whom or what the model has never heard of, nothing can be said of: an id may be misspelt.
ExplainCommand::Question ExplainCommand::question(const TrainedModel& model,
                                                  const Predictors& predictors) const {
  const auto user = model.users.find(user_);
  if (!user) {
    throw Error(ErrorKind::bad_data,
                {.file = model_.model_path(),
                 .found = "has no user " + shorten(user_),
                 .expected = "a user of the ratings that it was trained on",
                 .hint = "balse predict, which has a prediction for everybody"});
  }
  const auto item = model.items.find(item_);
  if (!item && !item_.empty()) {
    throw Error(
        ErrorKind::bad_data,
        {.file = model_.model_path(),
         .found = "has no item " + shorten(item_) +
                  (model_.tags_path().empty() ? "" : ", nor has " + printable(model_.tags_path())),
         .expected = "an item of the ratings or tags that it was trained on",
         .hint = "--tags FILE, with the tags of items that came after it"});
  }
  return {model, predictors, *user, item.value_or(static_cast<std::uint32_t>(model.items.size()))};
}

std::string ExplainCommand::item_name(const Question& question) const {
  const auto title = question.model.titles[question.item];
  const auto category = question.model.categories[question.item];
  return "the " + std::string(category.empty() ? "item" : category) + " " +
         (title.empty() ? item_ : std::string(title));
}

// Why LASSO has nothing to say of this user; empty where it has.
std::string ExplainCommand::what_is_missing(const Question& question) const {
  if (!question.model.has_tags()) {
    return "The model was trained without tags, so LASSO knows nothing of user " + user_ + ".";
  }
  if (question.model.data.means.unseen_user(question.user)) {
    return "User " + user_ + " has no training rating: LASSO knows nothing of their taste.";
  }
  if (taste_of(question.predictors, question.user, 0).tags == 0) {
    return "No tag tells what user " + user_ + " likes: LASSO predicts the same for every item.";
  }
  return {};
}

Json tastes_json(const TrainedModel& model, const std::vector<TagTaste>& tastes) {
  Json json = Json::array();
  for (const TagTaste& taste : tastes) {
    json.push_back({{"tag", model.tags[taste.tag]}, {"coefficient", taste.coefficient}});
  }
  return json;
}

Json contributions_json(const TrainedModel& model, const std::vector<Contribution>& contributions) {
  Json json = Json::array();
  for (const Contribution& contribution : contributions) {
    json.push_back({{"tag", model.tags[contribution.index]},
                    {"weight", contribution.weight},
                    {"coefficient", contribution.coefficient},
                    {"contribution", contribution.value}});
  }
  return json;
}

std::string_view key_of(Term::Of of) {
  static constexpr std::string_view kKeys[] = {"tag",     "user",    "item", "popularity",
                                               "similar", "factors", "cut"};
  return kKeys[static_cast<std::size_t>(of)];
}

std::string_view reason_words(Term::Of of) {
  static constexpr std::string_view kWords[] = {"tags",
                                                "how the user rates",
                                                "how the item is rated",
                                                "how many have rated the item",
                                                "similar items: those that the same people rate",
                                                "factors: users with a taste like theirs",
                                                "parts cut to the range of the ratings"};
  return kWords[static_cast<std::size_t>(of)];
}

// What every block says, whether the best model listens to it or not, and why.
Json blocks_json(const TrainedModel& model, const Predictors& predictors, std::uint32_t user,
                 std::uint32_t item) {
  Json json;
  for (const BlockKind& kind : block_kinds()) {
    const Block* const block = predictors.find(kind.model);
    if (block == nullptr) {
      continue;
    }
    Json& of_block = json[std::string(kind.name)] = {{"prediction", block->predict(user, item)}};
    const Reasons reasons = block->reasons(user, item);
    if (!reasons.known) {
      continue;
    }
    of_block["constant"] = reasons.constant;
    of_block["terms"] = Json::array();
    for (const Term& term : reasons.terms) {
      const bool is_tag = term.of == Term::Of::tag;
      Json one = {{"of", key_of(term.of)}};
      if (is_tag) {
        one["tag"] = model.tags[term.index];
      }
      one["value"] = term.value;
      of_block["terms"].push_back(std::move(one));
    }
  }
  return json;
}

// Of a user without ratings the model has only everybody's mean, which is not theirs.
Json ExplainCommand::mean_json(const Question& question) {
  const RatingMeansView& means = question.model.data.means;
  return means.unseen_user(question.user) ? Json(nullptr) : Json(means.mean_of_user(question.user));
}

Json ExplainCommand::user_json(const Question& question) const {
  const TrainedModel& model = question.model;
  const UserTaste taste = taste_of(question.predictors, question.user, k_);
  Json json = {{"user", user_},
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

Json ExplainCommand::item_json(const Question& question, const Explanation& explanation) const {
  const TrainedModel& model = question.model;
  Json json = {{"user", user_}, {"item", item_}};
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
  json["blocks"] = blocks_json(model, question.predictors, question.user, question.item);
  if (explanation.has_content) {
    json["intercept"] = explanation.intercept;
    for (const Term& term : explanation.besides) {
      json["besides"][std::string(key_of(term.of))] = term.value;
    }
    json["for"] = contributions_json(model, explanation.speaking_for);
    json["against"] = contributions_json(model, explanation.speaking_against);
    json[std::string(name_of(explanation.content)) + "_unclipped"] = explanation.unclipped;
  }
  json["sentence"] = sentence(model, explanation, item_name(question));
  if (const std::string missing = what_is_missing(question); !missing.empty()) {
    json["note"] = missing;
  }
  return json;
}

std::string ExplainCommand::user_text(const Question& question) const {
  const TrainedModel& model = question.model;
  if (const std::string missing = what_is_missing(question); !missing.empty()) {
    return escape(missing) + "\n";
  }
  const UserTaste taste = taste_of(question.predictors, question.user, k_);
  std::string text = fmt::format(
      "User {} rated {}, {:.2f} on average. {} what they like.\n\n", escape(user_),
      counted(model.rated_by(question.user).size(), "item"),
      model.data.means.mean_of_user(question.user), counted(taste.tags, "tag says", "tags say"));
  const auto list = [&](const char* title, const std::vector<TagTaste>& tastes) {
    text += title;
    text += tastes.empty() ? "\n  none\n" : "\n";
    for (const TagTaste& one : tastes) {
      text += fmt::format("  {:+8.3f}  {}\n", one.coefficient, escape(model.tags[one.tag]));
    }
  };
  list("Most preferred tags", taste.preferred);
  list("Most disliked tags", taste.disliked);
  return text;
}

std::string ExplainCommand::item_text(const Question& question,
                                      const Explanation& explanation) const {
  const TrainedModel& model = question.model;
  std::string text = escape(sentence(model, explanation, item_name(question))) + "\n\n";
  const double mean = model.data.means.mean_of_user(question.user);
  text += fmt::format("Prediction {:8.3f}   ", explanation.prediction);
  text += explanation.user_known
              ? fmt::format("(user {} rates {:.2f} on average)\n", escape(user_), mean)
              : fmt::format("(all users rate {:.2f} on average, user {} nothing)\n", mean,
                            escape(user_));
  for (const PartExplanation& part : explanation.parts) {
    text += fmt::format("  {:<8} {:8.3f}   weight {:.3f}", title_of(part.model), part.prediction,
                        part.weight);
    text += part.model == explanation.parts.front().model
                ? fmt::format(": {} of the item\n",
                              counted(model.count_of_item(question.item), "rating"))
                : "\n";
  }
  if (explanation.fallback != Fallback::none) {
    text += fmt::format("  fallback {:>8}\n", name_of(explanation.fallback));
  }
  text += "\n";
  if (!explanation.has_content) {
    return text + escape(what_is_missing(question)) + "\n";
  }
  text += fmt::format("{} is the sum of\n  {:+8.3f}  {}\n", title_of(explanation.content),
                      explanation.intercept,
                      explanation.besides.empty() ? "intercept, for an item without tags"
                                                  : "what everybody rates everything");
  for (const Term& term : explanation.besides) {
    text += fmt::format("  {:+8.3f}  {}\n", term.value, reason_words(term.of));
  }
  const auto list = [&](const std::vector<Contribution>& contributions) {
    const std::size_t shown = std::min(k_, contributions.size());
    double rest = 0.0;
    for (std::size_t k = 0; k < contributions.size(); ++k) {
      const Contribution& one = contributions[k];
      if (k < shown) {
        text += fmt::format("  {:+8.3f}  {} (weight {:.2f} x coefficient {:+.3f})\n", one.value,
                            escape(model.tags[one.index]), one.weight, one.coefficient);
      } else {
        rest += one.value;
      }
    }
    if (contributions.size() > shown) {
      text +=
          fmt::format("  {:+8.3f}  {}\n", rest, counted(contributions.size() - shown, "more tag"));
    }
  };
  list(explanation.speaking_for);
  list(explanation.speaking_against);
  text += fmt::format("  {:8.3f}  in all", explanation.unclipped);
  const std::string cut = fmt::format("{:.3f}", explanation.content_prediction);
  if (cut != fmt::format("{:.3f}", explanation.unclipped)) {
    text += ", cut to " + cut;
  }
  return text + "\n";
}

void ExplainCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_paths({{"--model", model_.model_path()}, {"--tags", model_.tags_path()}}, {});
  const TrainedModel& model = model_.open();
  const Predictors predictors = model.predictors();
  const Question asked = question(model, predictors);
  if (item_.empty()) {
    write_standard_output(json_ ? json_text(user_json(asked)) : user_text(asked));
    return;
  }
  const Explanation explanation = explain(model, predictors, asked.user, asked.item);
  write_standard_output(json_ ? json_text(item_json(asked, explanation))
                              : item_text(asked, explanation));
}

}  // namespace

std::unique_ptr<Command> make_explain_command() {
  return std::make_unique<ExplainCommand>();
}

}  // namespace balse::cli
