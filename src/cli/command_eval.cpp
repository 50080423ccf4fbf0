#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/tags.hpp"
#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/report.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/support/error.hpp"
#include "balse/version.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "csv_safe.hpp"
#include "model_options.hpp"
#include "path_conflicts.hpp"
#include "predictions_file.hpp"
#include "progress.hpp"
#include "reading_options.hpp"
#include "result_file.hpp"
#include "tags_input.hpp"

namespace balse::cli {
namespace {

class EvalCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  struct Inputs {
    Ratings ratings;
    std::optional<TagMatrix> tags;
    std::optional<TagMatrix> user_features;
    std::size_t items_with_tags = 0;
    std::size_t users_with_features = 0;
    RatingScale scale = RatingScale::numeric();
    std::vector<InputRecord> records;
  };

  void declare_protocol(CLI::App& app);
  void declare_output(CLI::App& app);
  std::vector<Model> models() const;
  SplitOptions split_options() const;
  std::unique_ptr<Splits> splits(const Ratings& ratings) const;
  Inputs read() const;
  void read_user_features(Inputs& inputs) const;
  CrossValidationResult evaluate(const Inputs& inputs, const Splits& splits,
                                 const CrossValidationOptions& options,
                                 PredictionsFile* predictions) const;
  Manifest manifest(const Inputs& inputs, const Splits& splits,
                    const CrossValidationOptions& options) const;
  void warn(const CrossValidationResult& result, bool has_tags) const;

  ReadingOptions reading_;
  ModelOptions model_;
  Choice<Protocol> protocol_{{"paper", Protocol::paper},
                             {"notebook", Protocol::notebook},
                             {"item-cold", Protocol::item_cold},
                             {"user-cold", Protocol::user_cold}};
  Choice<ReportFormat> format_{{"table", ReportFormat::table},
                               {"markdown", ReportFormat::markdown},
                               {"latex", ReportFormat::latex},
                               {"csv", ReportFormat::csv},
                               {"json", ReportFormat::json}};
  int fold_count_ = 5;
  int repeat_ = 1;
  std::uint64_t seed_ = 42;
  std::string folds_path_;
  std::string fold_set_;
  std::string write_folds_path_;
  std::uint32_t fewer_than_ = LittleKnown{}.fewer_than;
  std::size_t least_rated_ = LittleKnown{}.least_rated;
  std::string output_path_;
  std::string predictions_path_;
  CsvSafe csv_safe_;
  std::vector<std::string> models_;
  int threads_ = 0;
};

void EvalCommand::setup(CLI::App& app) {
  reading_.declare(app);
  reading_.declare_user_features(app);
  declare_protocol(app);
  model_.declare(app);
  declare_output(app);
}

std::vector<Example> EvalCommand::examples() const {
  return {{"",
           {"balse eval data/demo/ratings.csv --tags data/demo/tags.csv",
            "balse eval ratings.csv --tags tags.csv --format latex --output table.tex "
            "--predictions rows.csv",
            "zcat ratings.csv.gz | balse eval - --tags tags.csv --preset notebook --format json"}}};
}

void EvalCommand::declare_protocol(CLI::App& app) {
  const std::string group = "Protocol";
  CLI::Option* protocol =
      protocol_
          .declare(
              app, "--protocol",
              "paper: k-fold over the ratings, 56% train / 24% validation / 20% test; notebook: "
              "random splits, 63% / 27% / 10%, as in --preset notebook; item-cold, user-cold: "
              "k-fold over the items or users, each held out with all its ratings")
          ->default_str("paper")
          ->group(group);
  CLI::Option* fold_count = app.add_option("--fold-count", fold_count_, "Folds, or random splits")
                                ->capture_default_str()
                                ->type_name("N")
                                ->group(group);
  CLI::Option* repeat =
      app.add_option("--repeat", repeat_, "Do it all so many times, split anew each time")
          ->capture_default_str()
          ->type_name("N")
          ->group(group);
  app.add_option("--seed", seed_, "Of splits, initial factors and gate starts")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N")
      ->group(group);
  app.add_option("--folds", folds_path_,
                 "Take the splits from a CSV: row (0-based, the header not counted), then columns "
                 "NAME0, NAME1, ... of 0 (train), 1 (validation), 2 (test)")
      ->type_name("FILE")
      ->group(group)
      ->excludes(protocol)
      ->excludes(fold_count)
      ->excludes(repeat);
  app.add_option("--fold-set", fold_set_, "NAME of the columns; needed if --folds has several sets")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--write-folds", write_folds_path_, "Write the splits in that format")
      ->type_name("FILE")
      ->group(group);
  CLI::Option* little_known =
      app.add_option("--little-known", fewer_than_,
                     "Items with fewer than N train + validation ratings are little known")
          ->capture_default_str()
          ->check(whole_number())
          ->type_name("N")
          ->group(group);
  app.add_option("--least-rated", least_rated_,
                 "Instead, little-known are the N test ratings of the least rated items; 1000 in "
                 "--preset notebook")
      ->check(whole_number())
      ->type_name("N")
      ->group(group)
      ->excludes(little_known);
}

void EvalCommand::declare_output(CLI::App& app) {
  const std::string group = "Output";
  app.add_option("--models", models_,
                 "The models of the table, by their names in --format csv, separated by commas; "
                 "all: every block by itself, too. What LASSO, ALS and the means reach, BALSE and "
                 "BALSE+, if not given")
      ->delimiter(',')
      ->type_name("LIST")
      ->group(group);
  format_.declare(app, "--format", "Of the result")->default_str("table")->group(group);
  app.add_option("--output", output_path_, "Write the result there instead of to standard output")
      ->type_name("FILE")
      ->group(group);
  CLI::Option* predictions =
      app.add_option("--predictions", predictions_path_,
                     "Write a CSV row for each test rating: fold, user, item, rating, each model's "
                     "prediction, the item's train + validation count")
          ->type_name("FILE")
          ->group(group);
  csv_safe_.declare(app)->needs(predictions)->group(group);
  app.add_option("--threads", threads_, "0 is all processors; the result is the same at any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096))
      ->type_name("N")
      ->group(group);
}

std::vector<Model> EvalCommand::models() const {
  if (models_.empty()) {
    return models_with_blends();
  }
  std::vector<Model> models;
  for (const std::string& name : models_) {
    if (name == "all") {
      return {kModels.begin(), kModels.end()};
    }
    const std::optional<Model> model = model_of(name);
    if (!model) {
      std::string names;
      for (const Model known : kModels) {
        names += std::string(names.empty() ? "" : ", ") + std::string(name_of(known));
      }
      throw Error(ErrorKind::usage, {.found = "--models has " + shorten(name),
                                     .expected = "all, or some of " + names});
    }
    models.push_back(*model);
  }
  return models;
}

SplitOptions EvalCommand::split_options() const {
  return {.protocol = protocol_.value(), .folds = fold_count_, .repeat = repeat_, .seed = seed_};
}

std::unique_ptr<Splits> EvalCommand::splits(const Ratings& ratings) const {
  if (!folds_path_.empty()) {
    return read_splits(folds_path_, fold_set_, ratings);
  }
  const SplitOptions options = split_options();
  // Options that make no sense whatever the data are wrong usage; the rest is the data's fault.
  if (const std::string sentence = options.validate(); !sentence.empty()) {
    throw Error(ErrorKind::usage,
                {.found = sentence, .hint = "--fold-count 5, and --repeat 1 or more"});
  }
  if (const std::string sentence = options.validate(ratings); !sentence.empty()) {
    throw Error(ErrorKind::bad_data, {.file = reading_.ratings_name(), .found = sentence});
  }
  return make_splits(options, ratings);
}

void EvalCommand::warn(const CrossValidationResult& result, bool has_tags) const {
  if (!has_tags) {
    spdlog::info("no --tags, so the LASSO and BALSE rows are left out, and BALSE+ is vb alone");
    return;
  }
  for (const Model model : result.models) {
    const ModelKind* const kind = model_kinds()[index_of(model)];
    std::string first;
    std::size_t folds = 0;
    for (const FoldResult& fold : result.folds) {
      const std::string warning = kind->summary(fold).warning;
      first = first.empty() ? warning : first;
      folds += warning.empty() ? 0 : 1;
    }
    if (folds > 0) {
      spdlog::warn("{}, in {} of {} folds: {}", kind->group_title, folds, result.folds.size(),
                   first);
    }
  }
}

EvalCommand::Inputs EvalCommand::read() const {
  Inputs inputs;
  ReadRatingsSummary ratings_summary;
  inputs.ratings = reading_.read_ratings(ratings_summary);
  inputs.scale = ratings_summary.scale;
  inputs.records = ReadingOptions::rating_records(ratings_summary);
  ReadTagsSummary tags_summary;
  if (const auto tags = reading_.read_tags(tags_summary)) {
    inputs.tags = align_tags(*tags, inputs.ratings.items);
    inputs.records.push_back({"tags", reading_.tags_path(), tags_summary.fingerprint});
    inputs.items_with_tags = rows_with_tags(*inputs.tags);
    if (inputs.items_with_tags == 0) {
      spdlog::warn(
          "{}: none of its items is rated, so LASSO knows only each user's mean; are the item ids "
          "the same?",
          reading_.tags_path());
    }
  }
  read_user_features(inputs);
  return inputs;
}

void EvalCommand::read_user_features(Inputs& inputs) const {
  ReadTagsSummary summary;
  const auto features = reading_.read_user_features(summary);
  if (!features) {
    return;
  }
  inputs.user_features = align_tags(*features, inputs.ratings.users);
  inputs.records.push_back({"user_features", reading_.user_features_path(), summary.fingerprint});
  inputs.users_with_features = rows_with_tags(*inputs.user_features);
  warn_of_strangers(reading_.user_features_path(), inputs.users_with_features);
}

CrossValidationResult EvalCommand::evaluate(const Inputs& inputs, const Splits& splits,
                                            const CrossValidationOptions& options,
                                            PredictionsFile* predictions) const {
  Progress progress;
  CrossValidationObserver observer;
  observer.on_progress = [&](std::size_t done, std::size_t total, const std::string& what) {
    progress.update(done, total, what);
  };
  if (predictions != nullptr) {
    observer.on_start = [&](const std::vector<Model>& models) {
      predictions->write_header(models);
    };
    observer.on_prediction = [&](const TestPrediction& row) { predictions->write(row); };
  }
  const SideInformation side(inputs.tags ? &*inputs.tags : nullptr,
                             inputs.user_features ? &*inputs.user_features : nullptr);
  return cross_validate(inputs.ratings, side, splits, options, observer);
}

Manifest EvalCommand::manifest(const Inputs& inputs, const Splits& splits,
                               const CrossValidationOptions& options) const {
  Manifest manifest;
  manifest.version = kVersion;
  manifest.inputs = inputs.records;
  if (!folds_path_.empty()) {
    manifest.inputs.push_back({"folds", folds_path_, splits.fingerprint()});
  }
  manifest.protocol = splits.describe();
  manifest.seed = seed_;
  manifest.threads = options.threads;
  manifest.ratings = inputs.ratings.size();
  manifest.users = inputs.ratings.users.size();
  manifest.items = inputs.ratings.items.size();
  manifest.tags = inputs.tags ? inputs.tags->tag_count : 0;
  manifest.items_with_tags = inputs.items_with_tags;
  manifest.user_features = inputs.user_features ? inputs.user_features->tag_count : 0;
  manifest.users_with_features = inputs.users_with_features;
  manifest.scale = inputs.scale.describe();
  manifest.options = options;
  return manifest;
}

void EvalCommand::run(const std::vector<std::string>& command_line) {
  const auto begun = std::chrono::steady_clock::now();
  std::vector<NamedPath> files = reading_.paths();
  files.insert(files.end(), {{"--folds", folds_path_}, config()});
  check_paths(files, {result_path(output_path_),
                      {"--predictions", predictions_path_},
                      {"--write-folds", write_folds_path_}});
  const Inputs inputs = read();
  CrossValidationOptions options{model_.resolve(inputs.scale, seed_, threads_),
                                 {.fewer_than = fewer_than_, .least_rated = least_rated_}};
  options.models = models();
  const auto split = splits(inputs.ratings);
  // Output files are opened before the work, so that an unwritable folder does not cost an hour.
  ResultFile output(output_path_);
  std::optional<PredictionsFile> predictions;
  if (!predictions_path_.empty()) {
    predictions.emplace(predictions_path_, inputs.ratings, csv_safe_.value(true));
  }
  if (!write_folds_path_.empty()) {
    ResultFile folds(write_folds_path_);
    write_splits(fold_set_.empty() ? "fold" : fold_set_, *split, inputs.ratings,
                 [&](std::string_view text) { folds.write(text); });
    folds.commit();
  }

  const CrossValidationResult result =
      evaluate(inputs, *split, options, predictions ? &*predictions : nullptr);
  warn(result, inputs.tags.has_value());

  Manifest made_by = manifest(inputs, *split, options);
  made_by.command_line = command_line;
  made_by.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const std::string report = render_report(result, made_by, format_.value());
  if (predictions) {
    predictions->commit();
  }
  output.write(report);
  output.commit();
}

}  // namespace

std::unique_ptr<Command> make_eval_command() {
  return std::make_unique<EvalCommand>();
}

}  // namespace balse::cli
