#include <chrono>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/model/fit_record.hpp"
#include "balse/model/fitted_model.hpp"
#include "balse/model/hold_out.hpp"
#include "balse/model/model_file.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/random.hpp"
#include "balse/version.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "creation_time.hpp"
#include "fit_inputs.hpp"
#include "fit_outputs.hpp"
#include "fit_words.hpp"
#include "model_options.hpp"
#include "progress.hpp"
#include "reading_options.hpp"
#include "replacement_guard.hpp"
#include "run_report.hpp"
#include "works_input.hpp"

namespace balse::cli {
namespace {

// Stream of --seed that the validation ratings are drawn from; ModelOptions has 1 and 2.
constexpr std::uint64_t kValidationStream = 3;

class FitCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  void check_paths_apart() const;
  void check_options() const;
  void fit(const std::vector<std::string>& command_line, RunReport& report) const;
  std::vector<Part> parts(FitInputs& inputs, std::string& description) const;
  TrainingOptions options(const RatingScale& scale) const;
  StackSummary compared(const FitInputs& inputs, const std::vector<Part>& parts,
                        const FitRecord& record) const;

  ReadingOptions reading_;
  ModelOptions model_;
  FitOutputs outputs_;
  ReplacementOptions replacement_;
  std::string works_path_;
  std::string works_columns_;
  std::string warm_start_path_;
  std::string folds_path_;
  std::string fold_set_;
  std::optional<std::size_t> fold_;
  Choice<Model> blend_{{"gate", Model::balse},
                       {"stack", Model::balse_plus},
                       {"balse", Model::balse},
                       {"balse+", Model::balse_plus}};
  bool compare_ = false;
  double validation_ = kValidationShare;
  std::uint64_t seed_ = 42;
  int threads_ = 0;
};

void FitCommand::setup(CLI::App& app) {
  reading_.declare(app);
  reading_.declare_max_tags(app);
  reading_.declare_user_features(app);
  reading_.declare_features(app);
  app.add_option("--works", works_path_,
                 "Titles: item,title[,category]; what recommend and explain call the items")
      ->type_name("FILE")
      ->group("Reading");
  add_works_columns(app, works_columns_)->group("Reading");
  const std::string training = "Training";
  blend_
      .declare(app, "--blend,--model-kind",
               "What the model predicts by: gate, the paper's BALSE; stack, BALSE+, which is more "
               "accurate and takes some ten times as long to train")
      ->default_str("gate")
      ->group(training);
  app.add_flag("--compare", compare_,
               "Also say what BALSE+ would have on the validation ratings; the gate's model stays "
               "as it is, in some five times the time. --blend stack always says what the gate has")
      ->group(training);
  CLI::Option* validation =
      app.add_option("--validation", validation_,
                     "Share of the ratings that are held out to learn the gate; ALS and LASSO are "
                     "fitted again on all of them afterwards")
          ->capture_default_str()
          ->check(CLI::Range(0.0, 0.9))
          ->type_name("X")
          ->group(training);
  CLI::Option* folds =
      app.add_option(
             "--folds", folds_path_,
             "Train as balse eval does for one fold of this file: its test ratings are left "
             "out")
          ->type_name("FILE")
          ->group(training)
          ->excludes(validation);
  app.add_option("--fold-set", fold_set_, "NAME of the columns; needed if --folds has several sets")
      ->type_name("NAME")
      ->needs(folds)
      ->group(training);
  app.add_option("--fold", fold_, "Which fold, from 0")
      ->check(whole_number())
      ->type_name("N")
      ->needs(folds)
      ->group(training);
  app.add_option(
         "--warm-start", warm_start_path_,
         "Start ALS and LASSO from this model, yesterday's: the same optimum in fewer steps; "
         "--als-tolerance is then 0.001 if not given")
      ->type_name("FILE")
      ->group(training);
  app.add_option("--seed", seed_, "Of the validation ratings, initial factors and gate starts")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N")
      ->group(training);
  app.add_option("--threads", threads_, "0 is all processors; the result is the same at any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096))
      ->type_name("N")
      ->group(training);
  model_.declare(app);
  model_.declare_neighbours(app);
  replacement_.declare(app);
  outputs_.declare(app);
}

std::vector<Example> FitCommand::examples() const {
  return {
      {"Train a model",
       {"balse fit ratings.csv --tags tags.csv --works works.csv --model site.balse.safetensors"}},
      {"Train it again every night at three, from a crontab",
       {"0 3 * * * cd /srv/site && balse fit ratings.csv --config fit.toml"}},
  };
}

void FitCommand::check_paths_apart() const {
  std::vector<NamedPath> inputs = reading_.paths();
  inputs.insert(inputs.end(), {{"--works", works_path_}, {"--folds", folds_path_}, config()});
  outputs_.check(inputs, {"--warm-start", warm_start_path_});
}

void FitCommand::check_options() const {
  if (!std::isfinite(validation_)) {
    throw Error(ErrorKind::usage, {.found = "--validation is no number", .expected = "0 to 0.9"});
  }
  if (!reading_.user_features_path().empty() && blend_.value() == Model::balse) {
    spdlog::warn(
        "the gate's model knows nothing of --user-features; --blend stack makes one that does");
  }
  if (!reading_.features_path().empty() && blend_.value() == Model::balse) {
    spdlog::warn("the gate's model knows nothing of --features; --blend stack makes one that does");
  }
  if (!folds_path_.empty() && !fold_) {
    throw Error(ErrorKind::usage, {.found = "--folds without --fold", .expected = "--fold N"});
  }
}

std::vector<Part> FitCommand::parts(FitInputs& inputs, std::string& description) const {
  if (!folds_path_.empty()) {
    const auto splits = read_splits(folds_path_, fold_set_, inputs.ratings);
    if (*fold_ >= splits->folds()) {
      throw Error(ErrorKind::usage, {.file = folds_path_,
                                     .found = "--fold " + std::to_string(*fold_),
                                     .expected = "0 to " + std::to_string(splits->folds() - 1)});
    }
    inputs.records.push_back({"folds", folds_path_, splits->fingerprint()});
    description = "fold " + std::to_string(*fold_) + " of " + splits->describe();
    return splits->parts(*fold_);
  }
  std::vector<Part> parts(inputs.ratings.size(), Part::train);
  // Without tags there is no gate to learn.
  if (inputs.tags) {
    hold_out_validation(validation_, derive_seed(seed_, kValidationStream), parts);
    description = "a random share of " + CLI::detail::to_string(validation_);
  } else {
    description = "none";
  }
  return parts;
}

TrainingOptions FitCommand::options(const RatingScale& scale) const {
  TrainingOptions options = model_.resolve(scale, seed_, threads_);
  options.models = models_with(blend_.value());
  if (fold_) {
    options = fold_options(options, *fold_);
  } else if (options.cold_items == ColdItems::automatic) {
    options.cold_items = ColdItems::new_items;  // what is not in today's ratings comes tomorrow
  }
  return options;
}

/// What BALSE+ would have on the validation ratings; no ratings where nobody asks, or it is known.
StackSummary FitCommand::compared(const FitInputs& inputs, const std::vector<Part>& parts,
                                  const FitRecord& record) const {
  if (!compare_ || blend_.value() != Model::balse || !inputs.aligned) {
    return {};
  }
  TrainingOptions options = record.options;
  options.models = {Model::balse_plus};
  options.refit = false;
  options.cold_items = ColdItems::as_sampled;  // as the ratings of validation are
  return train(inputs.ratings, inputs.side(), parts, options).stack_summary;
}

void FitCommand::run(const std::vector<std::string>& command_line) {
  check_paths_apart();
  RunReport report(outputs_.report_path(), command_line, outputs_.lock_wait());
  report.run([&] { fit(command_line, report); });
}

void FitCommand::fit(const std::vector<std::string>& command_line, RunReport& report) const {
  const auto begun = std::chrono::steady_clock::now();
  check_options();
  const OutputLock lock(outputs_.lock_path(), outputs_.lock_afterwards(), outputs_.lock_wait());
  const ModelHistory history = outputs_.history();
  history.check();
  // Opened before the work: a model that cannot be written or read must not cost an hour.
  AtomicFile output(outputs_.model_path());
  FitInputs inputs = read_fit_inputs(reading_, works_path_, works_columns_);
  ReplacementGuard guard(replacement_, outputs_.model_path());
  guard.check_inputs(inputs);
  FitRecord record{.version = kVersion,
                   .created = created_now(),
                   .command_line = command_line,
                   .seed = seed_,
                   .tags = inputs.tags ? inputs.tags->names.size() : 0,
                   .max_tags = reading_.max_tags(),
                   .items_with_tags = inputs.tags ? inputs.tags->items.size() : 0,
                   .user_features = inputs.user_features ? inputs.user_features->names.size() : 0,
                   .scale = inputs.scale.describe(),
                   .options = options(inputs.scale),
                   .neighbours = model_.neighbours()};
  const std::optional<ModelFile> old =
      open_warm_start(warm_start_path_, outputs_.model_path(), record.options.model);
  record.warm_start = old.has_value();
  const std::vector<Part> part = parts(inputs, record.validation);
  count_trained(inputs.ratings, part, record);
  record.inputs = inputs.records;
  std::optional<FittedParameters> start;
  if (old) {
    start = warm_start(old->model(), inputs.ratings.users, inputs.ratings.items,
                       inputs.tags ? &inputs.tags->names : nullptr, record.options.model);
  }

  const std::size_t components = inputs.component_count(record.options.model);
  if (components > 0) {
    record.item_features = inputs.item_components->features();
    record.items_with_features = inputs.item_components->items();
    inputs.item_features = inputs.item_components->of(inputs.ratings.items, components);
  }
  const StackSummary other = compared(inputs, part, record);

  std::optional<FittedModel> fitted;
  {
    Progress progress;
    std::size_t step = 0;
    const std::size_t steps = !inputs.tags ? 1 : blend_.value() == Model::balse_plus ? 3 : 2;
    Training training =
        train(inputs.ratings, inputs.side(), part, record.options, start ? &*start : nullptr,
              [&](const char* what) { progress.update(step++, steps, what); });
    inputs.aligned.reset();
    inputs.aligned_users.reset();
    // A model that predicts by the gate has nothing that knows features.
    const bool knows = blend_.value() == Model::balse_plus;
    fitted.emplace(std::move(inputs.ratings), part, std::move(training), inputs.tags, inputs.works,
                   record.options.model,
                   knows && inputs.user_features ? &inputs.user_features->names : nullptr,
                   knows && inputs.item_components ? &*inputs.item_components : nullptr,
                   components);
  }
  fitted->learn_neighbours(record.neighbours, threads_);
  record.items = fitted->model().items.size();
  record.neighbour_summary = fitted->neighbour_summary();
  const Training& training = fitted->training();
  std::map<std::string, std::string> metadata = {{"balse_version", record.version},
                                                 {"created", record.created},
                                                 {"manifest", render_manifest(record, training)}};
  guard.check_training(metadata["manifest"]);
  for (const Effort& effort : efforts(training)) {
    metadata[effort.key] = effort.value;
  }
  write_model(output, fitted->model(), metadata);
  // Before the model is in its place: nothing that needs memory may fail afterwards.
  say_fit(record, training);
  say_compared(other);
  if (old) {
    say_warm_start(*old, training);
  }
  output.complete();
  history.keep_present();
  output.commit();
  const std::uint64_t bytes = std::filesystem::file_size(outputs_.model_path());
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  spdlog::info("{}: {:.1f} MB, in {:.1f} s", outputs_.model_path(),
               static_cast<double>(bytes) / 1e6, seconds);
  report.done(render_fit_report(record, training, seconds, bytes));
}

}  // namespace

std::unique_ptr<Command> make_fit_command() {
  return std::make_unique<FitCommand>();
}

}  // namespace balse::cli
