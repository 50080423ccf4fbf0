#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <ctime>
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
#include "fit_inputs.hpp"
#include "fit_words.hpp"
#include "model_options.hpp"
#include "output_lock.hpp"
#include "path_conflicts.hpp"
#include "progress.hpp"
#include "reading_options.hpp"
#include "result_file.hpp"
#include "works_input.hpp"

namespace balse::cli {
namespace {

// Stream of --seed that the validation ratings are drawn from; ModelOptions has 1 and 2.
constexpr std::uint64_t kValidationStream = 3;

// Now, or what SOURCE_DATE_EPOCH says (reproducible-builds.org): then the same input gives the same
// bytes.
std::string created_now() {
  std::time_t now = std::time(nullptr);
  std::tm utc = {};
  if (const char* fixed = std::getenv("SOURCE_DATE_EPOCH")) {
    const char* const end = fixed + std::strlen(fixed);
    const auto [stop, error] = std::from_chars(fixed, end, now);
    if (error != std::errc() || stop != end || now < 0 || ::gmtime_r(&now, &utc) == nullptr) {
      throw Error(ErrorKind::usage,
                  {.found = "the environment's SOURCE_DATE_EPOCH is " + shorten(fixed),
                   .expected = "seconds since 1970, as date +%s prints them"});
    }
  }
  ::gmtime_r(&now, &utc);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc)};
}

class FitCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  void check_options() const;
  std::string lock_path() const;
  std::vector<Part> parts(FitInputs& inputs, std::string& description) const;
  TrainingOptions options(const RatingScale& scale) const;
  StackSummary compared(const FitInputs& inputs, const std::vector<Part>& parts,
                        const FitRecord& record) const;

  ReadingOptions reading_;
  ModelOptions model_;
  std::string works_path_;
  std::string works_columns_;
  std::string model_path_;
  std::string warm_start_path_;
  std::string lock_path_;
  std::string report_path_;
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
  app.add_option("--works", works_path_,
                 "Titles: item,title[,category]; what recommend and explain call the items")
      ->type_name("FILE")
      ->group("Reading");
  add_works_columns(app, works_columns_)->group("Reading");
  app.add_option("--model", model_path_,
                 "Write the model there (safetensors); an old one stays until the new one is whole")
      ->required()
      ->type_name("FILE");
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
  const std::string output = "Output";
  app.add_option("--report", report_path_, "Write what was trained, and how well, as JSON")
      ->type_name("FILE")
      ->group(output);
  app.add_option("--lock", lock_path_,
                 "Hold this lock while running; a second run ends with 75 at once. MODEL.lock, "
                 "removed afterwards, if not given")
      ->type_name("FILE")
      ->group(output);
}

std::vector<Example> FitCommand::examples() const {
  return {
      {"Train a model",
       {"balse fit ratings.csv --tags tags.csv --works works.csv --model site.balse.safetensors"}},
      {"Train it again every night at three, from a crontab",
       {"0 3 * * * balse fit ratings.csv --tags tags.csv --model site.balse.safetensors "
        "--warm-start site.balse.safetensors --report fit.json"}},
  };
}

void FitCommand::check_options() const {
  if (model_path_.empty()) {
    throw Error(ErrorKind::usage, {.found = "--model is empty", .expected = "a file name"});
  }
  check_is_file({"--model", model_path_});
  if (lock_path_ == "-") {
    throw Error(ErrorKind::usage,
                {.found = "--lock - is no file", .expected = "the name of a file"});
  }
  std::vector<NamedPath> inputs = reading_.paths();
  inputs.insert(inputs.end(), {{"--works", works_path_}, {"--folds", folds_path_}, config()});
  const NamedPath lock = {lock_path_.empty() ? "the lock of --model" : "--lock", lock_path()};
  check_paths(inputs, {{"--model", model_path_}, {"--report", report_path_}, lock});
  // The model to start from may be the one that is replaced, but nothing else.
  check_paths({{"--warm-start", warm_start_path_}}, {{"--report", report_path_}, lock});
  if (!std::isfinite(validation_)) {
    throw Error(ErrorKind::usage, {.found = "--validation is no number", .expected = "0 to 0.9"});
  }
  if (!folds_path_.empty() && !fold_) {
    throw Error(ErrorKind::usage, {.found = "--folds without --fold", .expected = "--fold N"});
  }
}

// Where the model is reached by several names, they share a lock.
std::string FitCommand::lock_path() const {
  if (!lock_path_.empty()) {
    return lock_path_;
  }
  return resolved_path(model_path_) + ".lock";
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
  return train(inputs.ratings, &*inputs.aligned, parts, options).stack_summary;
}

void FitCommand::run(const std::vector<std::string>& command_line) {
  const auto begun = std::chrono::steady_clock::now();
  check_options();
  const OutputLock lock(
      lock_path(), lock_path_.empty() ? FileLock::Afterwards::remove : FileLock::Afterwards::keep);
  // Opened before the work: a model that cannot be written or read must not cost an hour.
  AtomicFile output(model_path_);
  std::optional<ResultFile> report;
  if (!report_path_.empty()) {
    report.emplace(report_path_);
  }
  FitInputs inputs = read_fit_inputs(reading_, works_path_, works_columns_);
  FitRecord record{.version = kVersion,
                   .created = created_now(),
                   .command_line = command_line,
                   .seed = seed_,
                   .tags = inputs.tags ? inputs.tags->names.size() : 0,
                   .items_with_tags = inputs.tags ? inputs.tags->items.size() : 0,
                   .scale = inputs.scale.describe(),
                   .options = options(inputs.scale)};
  const std::optional<ModelFile> old = open_warm_start(warm_start_path_, record.options.model);
  record.warm_start = old.has_value();
  const std::vector<Part> part = parts(inputs, record.validation);
  count_trained(inputs.ratings, part, record);
  record.inputs = inputs.records;
  std::optional<FittedParameters> start;
  if (old) {
    start = warm_start(old->model(), inputs.ratings.users, inputs.ratings.items,
                       inputs.tags ? &inputs.tags->names : nullptr, record.options.model);
  }

  const StackSummary other = compared(inputs, part, record);

  std::optional<FittedModel> fitted;
  {
    Progress progress;
    std::size_t step = 0;
    const std::size_t steps = !inputs.tags ? 1 : blend_.value() == Model::balse_plus ? 3 : 2;
    Training training = train(inputs.ratings, inputs.aligned ? &*inputs.aligned : nullptr, part,
                              record.options, start ? &*start : nullptr,
                              [&](const char* what) { progress.update(step++, steps, what); });
    inputs.aligned.reset();
    fitted.emplace(std::move(inputs.ratings), part, std::move(training), inputs.tags, inputs.works,
                   record.options.model);
  }
  record.items = fitted->model().items.size();
  const Training& training = fitted->training();
  std::map<std::string, std::string> metadata = {{"balse_version", record.version},
                                                 {"created", record.created},
                                                 {"manifest", render_manifest(record, training)}};
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
  output.commit();
  const std::uint64_t bytes = std::filesystem::file_size(model_path_);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (report) {
    report->write(render_fit_report(record, training, seconds, bytes));
    report->commit();
  }
  spdlog::info("{}: {:.1f} MB, in {:.1f} s", model_path_, static_cast<double>(bytes) / 1e6,
               seconds);
}

}  // namespace

std::unique_ptr<Command> make_fit_command() {
  return std::make_unique<FitCommand>();
}

}  // namespace balse::cli
