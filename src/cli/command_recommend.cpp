#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/id_list_reader.hpp"
#include "balse/data/row_text.hpp"
#include "balse/serving/recommend.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "csv_safe.hpp"
#include "model_input.hpp"
#include "path_conflicts.hpp"
#include "result_file.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kUsersAtOnce = 256;  // between two writes

enum class Format { csv, tsv, jsonl };

class RecommendCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  struct Wanted {
    std::string id;
    std::uint32_t user;  // beyond the last one where the model does not know the id
  };

  std::vector<Wanted> wanted_users(const TrainedModel& model) const;
  static void say_guess(const std::string& path, const IdList& list);
  void restrict_items(const TrainedModel& model);
  std::string header() const;
  std::string text_of(const TrainedModel& model, const Wanted& user,
                      const std::vector<Recommendation>& recommendations) const;
  std::string json_row(const TrainedModel& model, const Wanted& user, std::size_t rank,
                       const Recommendation& recommendation) const;
  std::string row(const TrainedModel& model, const Wanted& user, std::size_t rank,
                  const Recommendation& recommendation) const;

  ModelInput model_;
  RecommendOptions options_;
  std::vector<std::string> users_;
  bool all_users_ = false;
  std::string users_path_;
  std::string items_path_;
  Choice<Candidates> only_{{"all", Candidates::all},
                           {"little-known", Candidates::little_known},
                           {"cold", Candidates::cold}};
  Choice<Format> format_{{"csv", Format::csv}, {"tsv", Format::tsv}, {"jsonl", Format::jsonl}};
  std::string users_column_;
  std::string items_column_;
  std::string output_path_;
  bool no_header_ = false;
  CsvSafe csv_safe_;
  bool is_csv_safe_ = false;
  int threads_ = 0;
};

void RecommendCommand::setup(CLI::App& app) {
  model_.declare(app);
  CLI::Option* some = app.add_option("--user", users_, "These users")->type_name("ID");
  CLI::Option* all = app.add_flag("--all-users", all_users_, "All users of the model");
  CLI::Option* listed = app.add_option("--users", users_path_,
                                       "The users of this file, an id a line; - is standard "
                                       "input")
                            ->type_name("FILE");
  app.add_option(
         "--users-column", users_column_,
         "Where its ids are, by name or number; by the name that people give it or the first "
         "if not given")
      ->needs(listed)
      ->type_name("COLUMN");
  some->excludes(all)->excludes(listed);
  all->excludes(listed);
  app.add_option("-n,--count", options_.count, "How many items a user, at most")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  only_.declare(app, "--only", "Which items: little-known and cold by their ratings in the model")
      ->default_str("all");
  app.add_option("--little-known", options_.fewer_than,
                 "Items with fewer than N ratings are little known")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  CLI::Option* only =
      app.add_option("--items", items_path_, "Only items of this file, an id a line")
          ->type_name("FILE");
  app.add_option("--items-column", items_column_, "Where its ids are, as --users-column")
      ->needs(only)
      ->type_name("COLUMN");
  app.add_option("--min-score", options_.min_score, "Leave out items that are predicted less")
      ->type_name("X");
  app.add_option("--reasons", options_.reasons, "How many tags that speak for an item are named")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  format_.declare(app, "--format", "Of the output")->default_str("csv");
  app.add_flag("--no-header", no_header_, "Write rows only");
  csv_safe_.declare(app);
  app.add_option("--output", output_path_, "Write there instead of to standard output")
      ->type_name("FILE");
  app.add_option("--threads", threads_, "0 is all processors; the output is the same at any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 256))
      ->type_name("N");
}

std::vector<Example> RecommendCommand::examples() const {
  return {
      {"", {"balse recommend --model site.balse.safetensors --user 42 -n 5"}},
      {"Nobody has rated these yet: ten for everyone, as JSON lines",
       {"balse recommend --model site.balse.safetensors --all-users --only cold --format jsonl > "
        "cold.jsonl"}},
  };
}

void RecommendCommand::say_guess(const std::string& path, const IdList& list) {
  if (!list.guess.empty()) {
    spdlog::info("{}: {}", path, list.guess);
  }
}

std::vector<RecommendCommand::Wanted> RecommendCommand::wanted_users(
    const TrainedModel& model) const {
  std::vector<Wanted> wanted;
  const auto unknown = static_cast<std::uint32_t>(model.users.size());
  if (all_users_) {
    for (std::uint32_t user = 0; user < unknown; ++user) {
      wanted.push_back({std::string(model.users[user]), user});
    }
    return wanted;
  }
  if (users_.empty() && users_path_.empty()) {
    throw Error(ErrorKind::usage, {.found = "no users to recommend to",
                                   .expected = "--user ID, --users FILE or --all-users"});
  }
  std::size_t unknown_users = 0;
  IdList listed{.ids = users_, .guess = {}};
  if (!users_path_.empty()) {
    listed = read_user_ids(users_path_, {.column = users_column_, .known = &model.users});
    say_guess(users_path_, listed);
  }
  for (const std::string& id : listed.ids) {
    wanted.push_back({id, model.users.find(id).value_or(unknown)});
    unknown_users += wanted.back().user == unknown ? 1 : 0;
  }
  if (unknown_users > 0) {
    spdlog::warn("{} of {} unknown to the model: they get what is rated best on average",
                 unknown_users, counted(wanted.size(), "user is", "users are"));
  }
  return wanted;
}

void RecommendCommand::restrict_items(const TrainedModel& model) {
  if (items_path_.empty()) {
    return;
  }
  options_.items.emplace();
  std::size_t unknown = 0;
  const IdList listed =
      read_item_ids(items_path_, {.column = items_column_, .known = &model.items});
  say_guess(items_path_, listed);
  for (const std::string& id : listed.ids) {
    if (const auto item = model.items.find(id)) {
      options_.items->push_back(*item);
    } else {
      ++unknown;
    }
  }
  if (unknown > 0) {
    spdlog::warn("{}: {} unknown to the model and left out (--tags brings new items in)",
                 items_path_, counted(unknown, "item is", "items are"));
  }
}

std::string RecommendCommand::header() const {
  switch (format_.value()) {
    case Format::csv:
      return "user,rank,item,title,score,fallback,reasons\n";
    case Format::tsv:
      return "user\trank\titem\ttitle\tscore\tfallback\treasons\n";
    case Format::jsonl:
      break;
  }
  return {};
}

std::string RecommendCommand::row(const TrainedModel& model, const Wanted& user, std::size_t rank,
                                  const Recommendation& recommendation) const {
  const FieldStyle style = {format_.value() == Format::tsv ? '\t' : ',', is_csv_safe_};
  std::string text;
  const auto field = [&](std::string_view value) {
    append_field(text, value, style);
    text += style.delimiter;
  };
  field(user.id);
  field(std::to_string(rank));
  field(model.items[recommendation.item]);
  field(model.titles[recommendation.item]);
  append_prediction(text, recommendation.score);
  text += style.delimiter;
  field(name_of(recommendation.fallback));
  std::string reasons;
  for (const Contribution& reason : recommendation.reasons) {
    reasons += reasons.empty() ? "" : "; ";
    reasons += model.tags[reason.index];
    reasons += fmt::format(" {:+.2f}", reason.value);
  }
  append_field(text, reasons, style);
  return text + "\n";
}

std::string RecommendCommand::json_row(const TrainedModel& model, const Wanted& user,
                                       std::size_t rank,
                                       const Recommendation& recommendation) const {
  nlohmann::ordered_json json = {
      {"user", user.id}, {"rank", rank}, {"item", model.items[recommendation.item]}};
  if (const auto title = model.titles[recommendation.item]; !title.empty()) {
    json["title"] = title;
  }
  json["score"] = recommendation.score;
  json["fallback"] = name_of(recommendation.fallback);
  json["reasons"] = nlohmann::ordered_json::array();
  for (const Contribution& reason : recommendation.reasons) {
    json["reasons"].push_back({{"tag", model.tags[reason.index]}, {"contribution", reason.value}});
  }
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

std::string RecommendCommand::text_of(const TrainedModel& model, const Wanted& user,
                                      const std::vector<Recommendation>& recommendations) const {
  std::string text;
  for (std::size_t k = 0; k < recommendations.size(); ++k) {
    text += format_.value() == Format::jsonl ? json_row(model, user, k + 1, recommendations[k])
                                             : row(model, user, k + 1, recommendations[k]);
  }
  return text;
}

void RecommendCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_paths({{"--model", model_.model_path()},
               {"--tags", model_.tags_path()},
               {"--users", users_path_},
               {"--items", items_path_},
               config()},
              {result_path(output_path_)});
  if (options_.min_score && std::isnan(*options_.min_score)) {
    throw Error(ErrorKind::usage, {.found = "--min-score nan", .expected = "a number"});
  }
  is_csv_safe_ = csv_safe_.value(format_.value() != Format::jsonl);
  const TrainedModel& model = model_.open();
  const std::vector<Wanted> users = wanted_users(model);
  options_.only = only_.value();
  restrict_items(model);
  ResultFile output(output_path_);
  if (!no_header_) {
    output.write(header());
  }
  const Recommender recommender(model, options_);
  const int threads = resolve_threads(threads_);
  std::vector<std::string> texts;
  for (std::size_t first = 0; first < users.size(); first += kUsersAtOnce) {
    const std::size_t count = std::min(kUsersAtOnce, users.size() - first);
    texts.assign(count, {});
    parallel_ranges(count, 8, threads, [&](std::size_t begin, std::size_t end) {
      PredictionScratch scratch;
      for (std::size_t k = begin; k < end; ++k) {
        const Wanted& user = users[first + k];
        texts[k] = text_of(model, user, recommender.recommend(user.user, scratch));
      }
    });
    std::string block;
    for (const std::string& text : texts) {
      block += text;
    }
    output.write(block);
  }
  output.commit();
}

}  // namespace

std::unique_ptr<Command> make_recommend_command() {
  return std::make_unique<RecommendCommand>();
}

}  // namespace balse::cli
