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
  ExplainQuestion question(const TrainedModel& model, const Predictors& predictors) const;
  std::vector<bool> hidden_tags(const TrainedModel& model) const;

  ModelInput model_;
  std::string user_;
  std::string item_;
  std::vector<std::string> hidden_;
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
  app.add_option("--hide-tags", hidden_, "Never name these tags as a reason, several with commas")
      ->delimiter(',')
      ->allow_extra_args(false)
      ->type_name("LIST");
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

void ExplainCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_paths({{"--model", model_.model_path()}, {"--tags", model_.tags_path()}}, {});
  const TrainedModel& model = model_.open();
  const Predictors predictors = model.predictors();
  const ExplainQuestion asked = question(model, predictors);
  write_standard_output(json_ ? explain_as_json(asked) : explain_as_text(asked));
}

}  // namespace

std::unique_ptr<Command> make_explain_command() {
  return std::make_unique<ExplainCommand>();
}

}  // namespace balse::cli
