#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/data/sha256.hpp"
#include "balse/evaluation/evaluation.hpp"
#include "balse/evaluation/learning_curve.hpp"
#include "balse/evaluation/report.hpp"
#include "balse/evaluation/results_json.hpp"
#include "balse/evaluation/score_reader.hpp"
#include "balse/report/report_folder.hpp"
#include "balse/support/counted.hpp"

#include "command.hpp"
#include "eval_inputs.hpp"
#include "eval_listeners.hpp"
#include "eval_manifest.hpp"
#include "eval_options.hpp"
#include "eval_series.hpp"
#include "eval_splits.hpp"
#include "path_conflicts.hpp"
#include "predictions_file.hpp"
#include "report_posters.hpp"
#include "result_file.hpp"
#include "score_input.hpp"

namespace balse::cli {
namespace {

class EvalCommand final : public Command {
 public:
  void setup(CLI::App& app) override { options_.declare(app); }
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  /// Files that are opened before the work, so that an unwritable folder does not cost an hour.
  struct Outputs {
    ResultFile result;
    std::optional<PredictionsFile> predictions;
  };

  void check_files(const std::vector<ScoreFile>& scores) const;
  CrossValidationOptions training_options(const EvalInputs& inputs) const;
  Evaluation evaluate(const EvalInputs& inputs, const EvalVariant& variant, Outputs& outputs,
                      std::string& groups_csv) const;
  void write_report_folder(const Json& results, const Manifest& manifest, std::string folds_csv,
                           std::string groups_csv, std::vector<PosterWithTags> posters) const;
  static void warn(const CrossValidationResult& result, bool has_tags, const std::string& point);

  EvalOptions options_;
};

std::vector<Example> EvalCommand::examples() const {
  return {{"",
           {"balse eval data/demo/ratings.csv --tags data/demo/tags.csv",
            "balse eval ratings.csv --tags tags.csv --format latex --output table.tex "
            "--predictions rows.csv",
            "zcat ratings.csv.gz | balse eval - --tags tags.csv --preset notebook --format json"}},
          {"All there is to know, as a page; with another program's predictions beside",
           {"balse eval ratings.csv --tags tags.csv --report report --bootstrap users",
            "balse eval ratings.csv --tags tags.csv --write-folds folds.csv --models als,balse",
            "balse eval ratings.csv --tags tags.csv --folds folds.csv --score mine=mine.csv"}},
          {"Options chosen by the validation ratings of each fold",
           {"balse eval ratings.csv --tags tags.csv --tune 'als.rank=10,20,40'"}}};
}

void EvalCommand::warn(const CrossValidationResult& result, bool has_tags,
                       const std::string& point) {
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
      spdlog::warn("{}{}, in {} of {} folds: {}", point.empty() ? point : point + ": ",
                   kind->group_title, folds, result.folds.size(), first);
    }
  }
}

void EvalCommand::check_files(const std::vector<ScoreFile>& scores) const {
  std::vector<NamedPath> files = options_.reading.paths();
  files.insert(files.end(), {{"--folds", options_.folds_path}, config()});
  const std::vector<NamedPath> of_scores = score_paths(scores);
  files.insert(files.end(), of_scores.begin(), of_scores.end());
  check_paths(files, {result_path(options_.output_path),
                      {"--predictions", options_.predictions_path},
                      {"--write-folds", options_.write_folds_path},
                      {"--report", options_.report_path},
                      {"--resume", options_.resume_path}});
}

CrossValidationOptions EvalCommand::training_options(const EvalInputs& inputs) const {
  CrossValidationOptions options{
      options_.model.resolve(inputs.read.scale, options_.seed, options_.threads),
      {.fewer_than = options_.fewer_than, .least_rated = options_.least_rated}};
  options.models = options_.models();
  options.for_predictions_alone = true;
  options.tuning = options_.study.tuning();
  if (!options_.report_path.empty()) {
    keep_traces(options.model);
  }
  return options;
}

Evaluation EvalCommand::evaluate(const EvalInputs& inputs, const EvalVariant& variant,
                                 Outputs& outputs, std::string& groups_csv) const {
  SideInformation side = inputs.side();
  side.tags = variant.tags ? &*variant.tags : side.tags;
  const bool report = !options_.report_path.empty() && variant.value.empty();
  EvalListeners listeners(
      inputs.ratings, side.tags, options_.findings.wanted(report, options_.seed, options_.threads),
      variant.splits->folds(), outputs.predictions ? &*outputs.predictions : nullptr);
  Evaluation evaluation = listeners.finish(
      cross_validate(inputs.ratings, side, *variant.splits, variant.options, listeners.observer()));
  evaluation.tag_names = variant.tag_names;
  evaluation.shown = options_.findings.shown();
  if (report) {
    groups_csv = listeners.groups_csv(evaluation.result.contenders);
  }
  return evaluation;
}

void EvalCommand::write_report_folder(const Json& results, const Manifest& manifest,
                                      std::string folds_csv, std::string groups_csv,
                                      std::vector<PosterWithTags> posters) const {
  const ReportSummary summary = write_report({.results = results,
                                              .folds_csv = std::move(folds_csv),
                                              .groups_csv = std::move(groups_csv),
                                              .config_toml = manifest.config,
                                              .command = shell_command(manifest.command_line),
                                              .posters = std::move(posters)},
                                             options_.report_path);
  if (!summary.problem.empty()) {
    spdlog::warn("{}: {} of {} figures are drawn: {}", options_.report_path, summary.drawn,
                 summary.figures, summary.problem);
  }
  spdlog::info("{}/index.html: the report, with {}", options_.report_path,
               counted(summary.drawn, "figure"));
}

void EvalCommand::run(const std::vector<std::string>& command_line) {
  const auto begun = std::chrono::steady_clock::now();
  options_.check();
  options_.reading.keep_times(options_.by_time());
  const std::vector<ScoreFile> scores = score_files(options_.scores);
  options_.study.tuning();  // says what is wrong with it before the data are read
  check_files(scores);
  if (!options_.report_path.empty()) {
    prepare_report_folder(options_.report_path);
  }
  EvalInputs inputs = read_eval_inputs(options_);
  CrossValidationOptions training = training_options(inputs);
  const std::shared_ptr<const Splits> splits = splits_of(options_, inputs.ratings, inputs.read);
  for (const ScoreFile& file : scores) {
    training.scores.push_back(
        read_score(file, *splits, inputs.ratings, inputs.records.emplace_back()));
  }
  Outputs outputs{.result = ResultFile(options_.output_path), .predictions = {}};
  if (!options_.predictions_path.empty()) {
    outputs.predictions.emplace(options_.predictions_path, inputs.ratings,
                                options_.csv_safe.value(true));
  }
  if (!options_.write_folds_path.empty()) {
    ResultFile folds(options_.write_folds_path);
    write_folds(options_, inputs, *splits, [&](std::string_view text) { folds.write(text); });
    folds.commit();
  }
  Manifest manifest = manifest_of(options_, inputs, *splits, training, command_line);
  std::string folds_csv;
  if (!options_.report_path.empty() || !options_.resume_path.empty()) {
    write_folds(options_, inputs, *splits, [&](std::string_view text) { folds_csv += text; });
    Sha256 hash;
    hash.update(folds_csv);
    manifest.folds_sha256 = hash.hex();
  }
  std::optional<FoldStore> store;
  if (!options_.resume_path.empty()) {
    store.emplace(options_.resume_path, run_fingerprint(manifest));
    training.store = &*store;
  }

  std::vector<PosterWithTags> posters;
  if (!options_.posters_path.empty()) {
    posters = report_posters(options_.posters_path, inputs);
  }
  EvalStudy study = study_of(options_, inputs, splits, training);
  std::vector<SeriesPoint> points;
  std::string groups_csv;
  for (const EvalVariant& variant : study.variants) {
    if (study.series && outputs.predictions) {
      outputs.predictions->begin_point(study.series->column, variant.value);
    }
    points.push_back({variant.value, evaluate(inputs, variant, outputs, groups_csv)});
    warn(points.back().evaluation.result, inputs.tags.has_value(),
         study.series ? study.series->heading + " " + variant.value : std::string());
  }
  if (!inputs.tags) {
    spdlog::info("no --tags, so the LASSO and BALSE rows are left out, and BALSE+ is vb alone");
  }
  manifest.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  if (outputs.predictions) {
    outputs.predictions->commit();
  }
  if (study.series && options_.train_sizes().size() > 1) {
    study.series->note = learning_curve_note(points);
  }
  const Evaluation& first = points.front().evaluation;
  if (study.series) {
    study.series->points = points;
  }
  if (!options_.report_path.empty()) {
    write_report_folder(
        study.series ? series_results(*study.series, manifest) : results_json(first, manifest),
        manifest, std::move(folds_csv), std::move(groups_csv), std::move(posters));
  }
  const ReportFormat format = options_.format.value();
  outputs.result.write(study.series ? render_series(*study.series, manifest, format)
                                    : render_report(first, manifest, format));
  outputs.result.commit();
  if (store) {
    store->remove();
  }
}

}  // namespace

std::unique_ptr<Command> make_eval_command() {
  return std::make_unique<EvalCommand>();
}

}  // namespace balse::cli
