#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "explain_answer.hpp"
#include "model_input.hpp"
#include "path_conflicts.hpp"
#include "standard_output.hpp"
#include "usage_error.hpp"

namespace balse::cli {
namespace {

class ExplainCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  enum class Format { text, json, jsonl, markdown };

  ExplainQuestion question(const TrainedModel& model, const Predictors& predictors) const;
  std::string answer(const ExplainQuestion& question) const;
  std::vector<bool> hidden_tags(const TrainedModel& model) const;

  ModelInput model_;
  std::string user_;
  std::string item_;
  std::vector<std::string> hidden_;
  std::size_t k_ = 6;
  Choice<Format> format_{{"text", Format::text},
                         {"json", Format::json},
                         {"jsonl", Format::jsonl},
                         {"markdown", Format::markdown}};
  bool all_users_ = false;
  bool json_ = false;
};

void ExplainCommand::setup(CLI::App& app) {
  model_.declare(app);
  CLI::Option* user = app.add_option("--user", user_, "The user")->type_name("ID");
  app.add_flag("--all-users", all_users_, "All users of the model, one after another")
      ->excludes(user);
  app.add_option("--item", item_, "Why this item is, or is not, for the user")->type_name("ID");
  app.add_option("-k,--tags-shown", k_, "How many tags a side")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  app.add_option("--hide-tags", hidden_, "Never name these tags as a reason, several with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
  format_
      .declare(app, "--format",
               "Of the answer; json and jsonl, an object a line, are for programs: all numbers in "
               "full, all contributing tags")
      ->default_str("text");
  app.add_flag("--json", json_, "The same as --format json");
}

std::vector<Example> ExplainCommand::examples() const {
  return {
      {"What a user likes", {"balse explain --model site.balse.safetensors --user 42"}},
      {"Why an item is, or is not, for them",
       {"balse explain --model site.balse.safetensors --user 42 --item 1234"}},
      {"What everybody likes, for a program",
       {"balse explain --model site.balse.safetensors --all-users --format jsonl > tastes.jsonl"}},
  };
}

// Whom or what the model has never heard of, nothing can be said of: an id may be misspelt.
ExplainQuestion ExplainCommand::question(const TrainedModel& model,
                                         const Predictors& predictors) const {
  const auto user = model.users.find(user_);
  if (!user) {
    throw Error(ErrorKind::bad_data,
                {.file = model_.model_path(),
                 .found = "has no user " + shorten(user_),
                 .expected = "a user of the ratings that it was trained on" +
                             nearest_ids(user_, model.users),
                 .hint = "balse predict, which has a prediction for everybody"});
  }
  const auto item = model.items.find(item_);
  if (!item && !item_.empty()) {
    throw Error(
        ErrorKind::bad_data,
        {.file = model_.model_path(),
         .found = "has no item " + shorten(item_) +
                  (model_.tags_path().empty() ? "" : ", nor has " + printable(model_.tags_path())),
         .expected = "an item of the ratings or tags that it was trained on" +
                     nearest_ids(item_, model.items),
         .hint = "--tags FILE, with the tags of items that came after it"});
  }
  return {.model = model,
          .predictors = predictors,
          .user = *user,
          .item = item.value_or(static_cast<std::uint32_t>(model.items.size())),
          .user_id = user_,
          .item_id = item_,
          .tags_shown = k_,
          .hidden = hidden_tags(model)};
}

std::vector<bool> ExplainCommand::hidden_tags(const TrainedModel& model) const {
  std::vector<bool> hidden(hidden_.empty() ? 0 : model.tags.size());
  for (const std::string& name : hidden_) {
    if (const auto tag = model.tags.find(name)) {
      hidden[*tag] = true;
    } else {
      spdlog::warn("--hide-tags {}: the model has no such tag", shorten(name));
    }
  }
  return hidden;
}

std::string ExplainCommand::answer(const ExplainQuestion& question) const {
  switch (json_ ? Format::json : format_.value()) {
    case Format::json:
      return explain_as_json(question, all_users_);
    case Format::jsonl:
      return explain_as_json(question, true);
    case Format::markdown:
      return explain_as_markdown(question);
    case Format::text:
      break;
  }
  return explain_as_text(question) + (all_users_ ? "\n" : "");
}

void ExplainCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_paths({{"--model", model_.model_path()},
               {"--tags", model_.tags_path()},
               {"--user-features", model_.user_features_path()}},
              {});
  if (user_.empty() && !all_users_) {
    throw Error(ErrorKind::usage,
                {.found = "no user to speak of", .expected = "--user ID or --all-users"});
  }
  const TrainedModel& model = model_.open();
  const Predictors predictors = model.predictors();
  if (all_users_ && model.users.size() == 0) {
    return;
  }
  if (all_users_) {
    user_ = std::string(model.users[0]);  // whoever: the item has to be known
  }
  ExplainQuestion asked = question(model, predictors);
  if (!all_users_) {
    write_standard_output(answer(asked));
    return;
  }
  for (asked.user = 0; asked.user < model.users.size(); ++asked.user) {
    asked.user_id = model.users[asked.user];
    write_standard_output(answer(asked));
  }
}

}  // namespace

std::unique_ptr<Command> make_explain_command() {
  return std::make_unique<ExplainCommand>();
}

}  // namespace balse::cli
