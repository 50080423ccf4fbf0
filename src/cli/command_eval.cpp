#include <algorithm>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/tags.hpp"
#include "balse/evaluation/evaluation.hpp"
#include "balse/evaluation/learning_curve.hpp"
#include "balse/evaluation/report.hpp"
#include "balse/evaluation/score_reader.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/support/error.hpp"
#include "balse/version.hpp"

#include "command.hpp"
#include "eval_listeners.hpp"
#include "eval_options.hpp"
#include "eval_splits.hpp"
#include "path_conflicts.hpp"
#include "predictions_file.hpp"
#include "result_file.hpp"
#include "score_input.hpp"
#include "tags_input.hpp"

namespace balse::cli {
namespace {

class EvalCommand final : public Command {
 public:
  void setup(CLI::App& app) override { options_.declare(app); }
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  struct Inputs {
    Ratings ratings;
    std::optional<TagMatrix> tags;
    std::vector<std::string> tag_names;
    std::optional<TagMatrix> user_features;
    std::size_t items_with_tags = 0;
    std::size_t users_with_features = 0;
    ReadRatingsSummary read;
    std::vector<InputRecord> records;
  };

  Inputs read() const;
  void read_user_features(Inputs& inputs) const;
  Evaluation evaluate(const Inputs& inputs, const Splits& splits,
                      const CrossValidationOptions& options, PredictionsFile* predictions) const;
  std::vector<LearningCurvePoint> learn(const Inputs& inputs,
                                        const std::shared_ptr<const Splits>& splits,
                                        const CrossValidationOptions& options,
                                        PredictionsFile* predictions) const;
  Manifest manifest(const Inputs& inputs, const Splits& splits,
                    const CrossValidationOptions& options) const;
  static void warn(const CrossValidationResult& result, bool has_tags,
                   const std::string& size = {});

  EvalOptions options_;
};

std::vector<Example> EvalCommand::examples() const {
  return {{"",
           {"balse eval data/demo/ratings.csv --tags data/demo/tags.csv",
            "balse eval ratings.csv --tags tags.csv --format latex --output table.tex "
            "--predictions rows.csv",
            "zcat ratings.csv.gz | balse eval - --tags tags.csv --preset notebook --format json"}}};
}

void EvalCommand::warn(const CrossValidationResult& result, bool has_tags,
                       const std::string& size) {
  if (!has_tags) {
    return;  // which is said once
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
      spdlog::warn("{}{}, in {} of {} folds: {}",
                   size.empty() ? size : "--train-size " + size + ": ", kind->group_title, folds,
                   result.folds.size(), first);
    }
  }
}

EvalCommand::Inputs EvalCommand::read() const {
  Inputs inputs;
  inputs.ratings = options_.reading.read_ratings(inputs.read);
  inputs.records = ReadingOptions::rating_records(inputs.read);
  ReadTagsSummary tags_summary;
  if (const auto tags = options_.reading.read_tags(tags_summary)) {
    inputs.tags = align_tags(*tags, inputs.ratings.items);
    for (std::uint32_t tag = 0; tag < tags->names.size(); ++tag) {
      inputs.tag_names.emplace_back(tags->names[tag]);
    }
    inputs.records.push_back({"tags", options_.reading.tags_path(), tags_summary.fingerprint});
    inputs.items_with_tags = rows_with_tags(*inputs.tags);
    if (inputs.items_with_tags == 0) {
      spdlog::warn(
          "{}: none of its items is rated, so LASSO knows only each user's mean; are the item ids "
          "the same?",
          options_.reading.tags_path());
    }
  }
  read_user_features(inputs);
  return inputs;
}

void EvalCommand::read_user_features(Inputs& inputs) const {
  ReadTagsSummary summary;
  const auto features = options_.reading.read_user_features(summary);
  if (!features) {
    return;
  }
  inputs.user_features = align_tags(*features, inputs.ratings.users);
  inputs.records.push_back(
      {"user_features", options_.reading.user_features_path(), summary.fingerprint});
  inputs.users_with_features = rows_with_tags(*inputs.user_features);
  warn_of_strangers(options_.reading.user_features_path(), inputs.users_with_features);
}

Evaluation EvalCommand::evaluate(const Inputs& inputs, const Splits& splits,
                                 const CrossValidationOptions& options,
                                 PredictionsFile* predictions) const {
  const TagMatrix* const tags = inputs.tags ? &*inputs.tags : nullptr;
  EvalListeners listeners(inputs.ratings, tags,
                          options_.findings.wanted(false, options_.seed, options_.threads),
                          splits.folds(), predictions);
  const SideInformation side(tags, inputs.user_features ? &*inputs.user_features : nullptr);
  Evaluation evaluation =
      listeners.finish(cross_validate(inputs.ratings, side, splits, options, listeners.observer()));
  evaluation.tag_names = inputs.tag_names;
  evaluation.shown = options_.findings.shown();
  return evaluation;
}

std::vector<LearningCurvePoint> EvalCommand::learn(const Inputs& inputs,
                                                   const std::shared_ptr<const Splits>& splits,
                                                   const CrossValidationOptions& options,
                                                   PredictionsFile* predictions) const {
  std::vector<LearningCurvePoint> points;
  for (const TrainSize& size : options_.train_sizes()) {
    if (predictions != nullptr) {
      predictions->begin_train_size(size.text);
    }
    points.push_back({size, evaluate(inputs, *with_train_size(splits, size, options_.seed), options,
                                     predictions)});
    warn(points.back().evaluation.result, inputs.tags.has_value(), size.text);
  }
  return points;
}

Manifest EvalCommand::manifest(const Inputs& inputs, const Splits& splits,
                               const CrossValidationOptions& options) const {
  Manifest manifest;
  manifest.version = kVersion;
  manifest.inputs = inputs.records;
  if (!options_.folds_path.empty()) {
    manifest.inputs.push_back({"folds", options_.folds_path, splits.fingerprint()});
  }
  manifest.protocol = splits.describe();
  manifest.seed = options_.seed;
  manifest.threads = options.threads;
  manifest.ratings = inputs.ratings.size();
  manifest.users = inputs.ratings.users.size();
  manifest.items = inputs.ratings.items.size();
  manifest.tags = inputs.tags ? inputs.tags->tag_count : 0;
  manifest.items_with_tags = inputs.items_with_tags;
  manifest.user_features = inputs.user_features ? inputs.user_features->tag_count : 0;
  manifest.users_with_features = inputs.users_with_features;
  manifest.scale = inputs.read.scale.describe();
  manifest.options = options;
  return manifest;
}

void EvalCommand::run(const std::vector<std::string>& command_line) {
  const auto begun = std::chrono::steady_clock::now();
  options_.check();
  options_.reading.keep_times(options_.by_time());
  std::vector<NamedPath> files = options_.reading.paths();
  files.insert(files.end(), {{"--folds", options_.folds_path}, config()});
  const std::vector<ScoreFile> scores = score_files(options_.scores);
  TuningOptions tuning = options_.study.tuning();
  const std::vector<NamedPath> of_scores = score_paths(scores);
  files.insert(files.end(), of_scores.begin(), of_scores.end());
  check_paths(files, {result_path(options_.output_path),
                      {"--predictions", options_.predictions_path},
                      {"--write-folds", options_.write_folds_path}});
  Inputs inputs = read();
  CrossValidationOptions options{
      options_.model.resolve(inputs.read.scale, options_.seed, options_.threads),
      {.fewer_than = options_.fewer_than, .least_rated = options_.least_rated}};
  options.models = options_.models();
  options.tuning = std::move(tuning);
  const auto split = splits_of(options_, inputs.ratings, inputs.read);
  for (const ScoreFile& file : scores) {
    options.scores.push_back(
        read_score(file, *split, inputs.ratings, inputs.records.emplace_back()));
  }
  // Output files are opened before the work, so that an unwritable folder does not cost an hour.
  ResultFile output(options_.output_path);
  std::optional<PredictionsFile> predictions;
  if (!options_.predictions_path.empty()) {
    predictions.emplace(options_.predictions_path, inputs.ratings, options_.csv_safe.value(true));
  }
  if (!options_.write_folds_path.empty()) {
    ResultFile folds(options_.write_folds_path);
    write_splits(options_.fold_set.empty() ? "fold" : options_.fold_set, *split, inputs.ratings,
                 [&](std::string_view text) { folds.write(text); });
    folds.commit();
  }

  PredictionsFile* const rows = predictions ? &*predictions : nullptr;
  const bool is_curve = options_.train_sizes().size() > 1;
  std::vector<LearningCurvePoint> points;
  if (is_curve) {
    points = learn(inputs, split, options, rows);
  } else {
    points.push_back({{}, evaluate(inputs, *split, options, rows)});
    warn(points.front().evaluation.result, inputs.tags.has_value());
  }
  if (!inputs.tags) {
    spdlog::info("no --tags, so the LASSO and BALSE rows are left out, and BALSE+ is vb alone");
  }

  Manifest made_by = manifest(inputs, *split, options);
  made_by.command_line = command_line;
  made_by.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const ReportFormat format = options_.format.value();
  const std::string report = is_curve ? render_learning_curve(points, made_by, format)
                                      : render_report(points.front().evaluation, made_by, format);
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
