#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/id_list_reader.hpp"
#include "balse/serving/recommend.hpp"
#include "balse/serving/recommend_users.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "csv_safe.hpp"
#include "item_input.hpp"
#include "model_input.hpp"
#include "path_conflicts.hpp"
#include "recommend_filters.hpp"
#include "recommend_rows.hpp"
#include "result_file.hpp"
#include "rows_of_users.hpp"

namespace balse::cli {
namespace {

constexpr std::size_t kUsersAtOnce = 256;  // between two writes

using Format = RecommendRows::Format;

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

  void check_options() const;
  IdList listed_users(const TrainedModel& model) const;
  std::vector<Wanted> wanted_users(const TrainedModel& model) const;
  void say_what_unknown_get(std::size_t unknown, std::size_t all) const;
  void choose_order(const TrainedModel& model);
  void recommend_items(const TrainedModel& model);
  void recommend_users(const TrainedModel& model);

  ModelInput model_;
  RecommendOptions options_;
  std::vector<std::string> users_;
  bool all_users_ = false;
  std::string users_path_;
  ItemInput item_input_;
  RecommendFilters filters_;
  Choice<RankBy> rank_by_{{"relevance", RankBy::relevance},
                          {"lower-bound", RankBy::lower_bound},
                          {"mean", RankBy::mean}};
  const CLI::Option* rank_by_option_ = nullptr;
  Choice<Format> format_{{"csv", Format::csv}, {"tsv", Format::tsv}, {"jsonl", Format::jsonl}};
  std::string users_column_;
  std::string output_path_;
  bool no_header_ = false;
  CsvSafe csv_safe_;
  int threads_ = 0;
};

void RecommendCommand::setup(CLI::App& app) {
  model_.declare(app);
  CLI::Option* some = app.add_option("--user", users_, "These users")->type_name("ID");
  CLI::Option* all = app.add_flag("--all-users", all_users_, "All users of the model");
  CLI::Option* listed = app.add_option("--users", users_path_,
                                       "The users of this file, an id a line; - is standard "
                                       "input. With --item no others")
                            ->type_name("FILE");
  app.add_option(
         "--users-column", users_column_,
         "Where its ids are, by name or number; by the name that people give it or the first "
         "if not given")
      ->needs(listed)
      ->type_name("COLUMN");
  some->excludes(all)->excludes(listed);
  all->excludes(listed);
  app.add_option("-n,--count", options_.count, "How many items a user, or users an item, at most")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  rank_by_option_ = rank_by_.declare(
      app, "--rank-by",
      "relevance: what the user will rate, by what others with the same ratings have "
      "rated, and a little how well; on MyAnimeList's ratings 35% of what users "
      "came to rate 9 or 10 is among the ten. lower-bound: what is surely rated "
      "well, 10%. mean: the prediction, be it from one rating, 3%. Relevance if "
      "not given and the model has neighbours, otherwise lower-bound; mean of items that are "
      "little known or cold. Of users for an item lower-bound if not given");
  app.add_option("--lower-bound-k", options_.lower_bound_k,
                 "As many standard deviations are subtracted from the prediction, where the model "
                 "knows them (fit --blend stack)")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 100.0))
      ->type_name("X");
  app.add_flag("--popular", options_.popular,
               "Users without ratings get what is rated most, not what is rated best");
  app.add_option("--min-score", options_.min_score, "Leave out what is predicted less")
      ->type_name("X");
  app.add_option("--reasons", options_.reasons, "How many tags that speak for an item are named")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N");
  item_input_.declare(app);
  filters_.declare(app, options_);
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
      {"Who of the readers will like a work that is announced today, by its poster",
       {"balse recommend --model site.balse.safetensors --item poster.jpg --weights "
        "models/illust2vec_tag_ver200.caffemodel --users subscribers.csv -n 1000"}},
      {"Somebody who has rated since the model was fitted, or is new",
       {"balse recommend --model site.balse.safetensors --ratings today.csv --user 4711"}},
  };
}

IdList RecommendCommand::listed_users(const TrainedModel& model) const {
  IdList listed = read_user_ids(users_path_, {.column = users_column_, .known = &model.users});
  if (!listed.guess.empty()) {
    spdlog::info("{}: {}", users_path_, listed.guess);
  }
  return listed;
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
  std::size_t unknown_users = 0;
  for (const std::string& id : users_path_.empty() ? users_ : listed_users(model).ids) {
    wanted.push_back({id, model.users.find(id).value_or(unknown)});
    unknown_users += wanted.back().user == unknown ? 1 : 0;
  }
  if (unknown_users > 0) {
    say_what_unknown_get(unknown_users, wanted.size());
  }
  return wanted;
}

void RecommendCommand::say_what_unknown_get(std::size_t unknown, std::size_t all) const {
  spdlog::warn("{} of {} unknown to the model: they get what is {}", unknown,
               counted(all, "user is", "users are"),
               ranks_by_content(options_) ? "predicted best for somebody of whom nothing is known"
               : options_.popular         ? "rated most"
                                          : "rated best on average, by more than a few");
}

void RecommendCommand::choose_order(const TrainedModel& model) {
  if (rank_by_option_->count() == 0) {
    if (!has_neighbours(model)) {
      spdlog::info("the model has no neighbours, so that it ranks by {}; balse fit learns them",
                   name_of(default_order(model, options_)));
    }
    return;
  }
  options_.rank_by = rank_by_.value();
  if (options_.rank_by == RankBy::relevance && !has_neighbours(model)) {
    throw Error(ErrorKind::usage, {.file = model_.model_path(),
                                   .found = "has no neighbours to rank by relevance with",
                                   .hint = "balse fit again, or --rank-by lower-bound"});
  }
}

void RecommendCommand::check_options() const {
  filters_.check();
  csv_safe_.value(format_.value() != Format::jsonl);  // says what it does not go with
  if (options_.min_score && std::isnan(*options_.min_score)) {
    throw Error(ErrorKind::usage, {.found = "--min-score nan", .expected = "a number"});
  }
  if (item_input_.given() && (all_users_ || !users_.empty())) {
    throw Error(
        ErrorKind::usage,
        {.found = "--item, which asks for users, with " +
                  std::string(all_users_ ? "--all-users" : "--user") + ", which asks for items",
         .expected = "one of them; --users FILE with --item asks for the best of these"});
  }
  if (!item_input_.given() && !all_users_ && users_.empty() && users_path_.empty()) {
    throw Error(ErrorKind::usage, {.found = "no users to recommend to",
                                   .expected = "--user ID, --users FILE or --all-users, or --item "
                                               "ID for the users who will like it"});
  }
}

/// The other way round: users for each item.
void RecommendCommand::recommend_users(const TrainedModel& model) {
  const std::vector<std::uint32_t> asked = item_input_.resolve(model_);
  filters_.resolve(model, options_);
  if (rank_by_option_->count() > 0) {
    choose_order(model);
  }
  RecommendUsersOptions options;
  static_cast<RankingOptions&>(options) = options_;
  options.threads = threads_;
  if (!users_path_.empty()) {
    options.users = known_users(model, listed_users(model).ids, users_path_);
  }
  const std::vector<std::uint32_t> items = allowed_items(model, asked, options_);
  const UserRecommender recommender(model, options);
  const RecommendRows rows(model, format_.value(),
                           csv_safe_.value(format_.value() != Format::jsonl),
                           &recommender.predictors());
  ResultFile output(output_path_);
  if (!no_header_) {
    output.write(rows.header());
  }
  for (const std::uint32_t item : items) {
    output.write(rows_of_users(model, recommender.recommend(item), rows, threads_));
  }
  output.commit();
}

void RecommendCommand::recommend_items(const TrainedModel& model) {
  filters_.resolve(model, options_);
  const std::vector<Wanted> users = wanted_users(model);
  choose_order(model);
  const RecommendRows rows(model, format_.value(),
                           csv_safe_.value(format_.value() != Format::jsonl));
  ResultFile output(output_path_);
  if (!no_header_) {
    output.write(rows.header());
  }
  const Recommender recommender(model, options_);
  const int threads = resolve_threads(threads_);
  std::vector<std::string> texts;
  for (std::size_t first = 0; first < users.size(); first += kUsersAtOnce) {
    const std::size_t count = std::min(kUsersAtOnce, users.size() - first);
    texts.assign(count, {});
    parallel_ranges(count, 8, threads, [&](std::size_t begin, std::size_t end) {
      RecommendScratch scratch;
      for (std::size_t k = begin; k < end; ++k) {
        const Wanted& user = users[first + k];
        texts[k] = rows.text_of(user.id, recommender.recommend(user.user, scratch));
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

void RecommendCommand::run(const std::vector<std::string>& /*command_line*/) {
  std::vector<NamedPath> inputs = filters_.paths();
  for (const std::vector<NamedPath>& more : {model_.paths(), item_input_.inputs()}) {
    inputs.insert(inputs.end(), more.begin(), more.end());
  }
  inputs.insert(inputs.end(), {{"--users", users_path_}, config()});
  check_paths(inputs, {result_path(output_path_)});
  check_options();
  item_input_.tag_posters();  // before there are threads
  const TrainedModel& model = model_.open(threads_);
  if (item_input_.given()) {
    recommend_users(model);
  } else {
    recommend_items(model);
  }
}

}  // namespace

std::unique_ptr<Command> make_recommend_command() {
  return std::make_unique<RecommendCommand>();
}

}  // namespace balse::cli
