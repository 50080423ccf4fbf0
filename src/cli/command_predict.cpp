#include <algorithm>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>
#include <spdlog/spdlog.h>

#include "balse/serving/predict_pairs.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "choices.hpp"
#include "command.hpp"
#include "csv_safe.hpp"
#include "model_input.hpp"
#include "path_conflicts.hpp"
#include "result_file.hpp"

namespace balse::cli {
namespace {

class PredictCommand final : public Command {
 public:
  void setup(CLI::App& app) override;
  std::vector<Example> examples() const override;
  void run(const std::vector<std::string>& command_line) override;

 private:
  void check_options();
  void say(const PredictPairsSummary& summary) const;

  ModelInput model_;
  PredictPairsOptions options_;
  Choice<RowFormat> format_{{"input", RowFormat::as_input},
                            {"csv", RowFormat::csv},
                            {"tsv", RowFormat::tsv},
                            {"jsonl", RowFormat::jsonl}};
  std::vector<std::string> pairs_;
  std::vector<std::string> columns_;
  std::string output_path_;
  bool no_header_ = false;
  bool watch_ = false;
  CsvSafe csv_safe_;
};

std::vector<std::string> column_words() {
  std::vector<std::string> words;
  for (const PredictionColumn& column : prediction_columns()) {
    words.emplace_back(column.name());
  }
  return words;
}

void PredictCommand::setup(CLI::App& app) {
  app.add_option(
         "pairs", pairs_,
         "Files of user,item rows; further columns are passed through; between commas, tabs, "
         "::, or JSON lines, plain or compressed; - or none is standard input")
      ->type_name("FILE");
  model_.declare(app);
  add_delimiter(app, options_.delimiter);
  app.add_option(
         "--pair-columns", options_.columns,
         "Where user and item are, by name or number, as in user=member,item=2; by the names that "
         "people give them or 1, 2 if not given")
      ->type_name("LIST");
  app.add_option("--columns", columns_,
                 "Add what a block alone predicts, weight (the gate's, of ALS), deviation (the "
                 "rating's standard deviation around the prediction, of BALSE+) or fallback (why a "
                 "prediction is not what it could be), or several with commas")
      ->delimiter(',')
      ->check(CLI::IsMember(column_words()))
      ->allow_extra_args(false)
      ->type_name("LIST");
  format_.declare(app, "--format", "Of the output; input is jsonl for JSON lines, else csv")
      ->default_str("input");
  app.add_flag("--no-header", no_header_, "Write rows only");
  csv_safe_.declare(app);
  app.add_flag(
      "--strict", options_.strict,
      "End with 65 at the first user or item that the model does not know, and with 3 where "
      "the work is done but something was warned of");
  app.add_flag(
      "--skip-bad-rows", options_.skip_bad_rows,
      "Answer rows that are no pair by a row whose last column, error, says why, instead of "
      "stopping");
  app.add_flag("--watch", watch_,
               "Look before every answer whether another file is at --model, and go on with that: "
               "for a process that a site keeps open while fit runs every night");
  app.add_option("--output", output_path_, "Write there instead of to standard output")
      ->type_name("FILE");
  app.add_option("--threads", options_.threads,
                 "0 is all processors; the output is the same at any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 256))
      ->type_name("N");
}

std::vector<Example> PredictCommand::examples() const {
  return {
      {"", {"balse predict --model site.balse.safetensors pairs.csv > predictions.csv"}},
      {"In a pipeline, with what is behind each prediction",
       {"zcat pairs.csv.gz | balse predict --model site.balse.safetensors --columns "
        "als,lasso,weight,fallback | sort -t, -k3 -rg | head"}},
      {"Items announced today, known by their posters alone",
       {"balse predict --model site.balse.safetensors --tags new.csv pairs.csv"}},
  };
}

void PredictCommand::check_options() {
  options_.format = format_.value();
  options_.header = !no_header_;
  options_.csv_safe = csv_safe_.value(format_.value() != RowFormat::jsonl);
  for (const std::string& name : columns_) {
    const std::vector<PredictionColumn> columns = prediction_columns();
    options_.more.push_back(
        *std::find_if(columns.begin(), columns.end(),
                      [&](const PredictionColumn& column) { return column.name() == name; }));
  }
  if (pairs_.empty()) {
    pairs_.emplace_back("-");
  }
  std::vector<NamedPath> inputs = {{"--model", model_.model_path()},
                                   {"--tags", model_.tags_path()},
                                   {"--user-features", model_.user_features_path()},
                                   config()};
  for (const std::string& path : pairs_) {
    inputs.push_back({"PAIRS", path});
  }
  check_paths(inputs, {result_path(output_path_)});
}

void PredictCommand::say(const PredictPairsSummary& summary) const {
  if (summary.bad_rows > 0) {
    spdlog::warn("skipped {}; the first:",
                 counted(summary.bad_rows, "row that is no pair", "rows that are no pair"));
    for (const std::string& message : summary.first_bad_rows) {
      spdlog::warn("  {}", message);
    }
  }
  for (const std::string& guess : summary.guesses) {
    spdlog::info("{}", guess);
  }
  if (!summary.lost_member.empty()) {
    spdlog::warn(
        "the member {} is in no column, as the first line does not have it (--format jsonl "
        "keeps it)",
        shorten(summary.lost_member));
  }
  for (const std::string& column : summary.renamed) {
    spdlog::warn("the column {} is passed through under a name of its own", column);
  }
  std::string fallbacks;
  for (int k = 1; k < kFallbackCount; ++k) {
    const std::uint64_t count = summary.fallbacks[static_cast<std::size_t>(k)];
    if (count > 0) {
      fallbacks += (fallbacks.empty() ? "" : ", ") + std::to_string(count) + " " +
                   std::string(name_of(static_cast<Fallback>(k)));
    }
  }
  if (!fallbacks.empty()) {
    spdlog::info("of {}, these fell back: {} (--columns fallback names them)",
                 counted(summary.rows, "pair"), fallbacks);
  }
}

void PredictCommand::run(const std::vector<std::string>& /*command_line*/) {
  check_options();
  const TrainedModel& model = model_.open();
  if (watch_) {
    options_.newer_model = [this] { return model_.newer(); };
  }
  ResultFile output(output_path_);
  const PredictPairsSummary summary =
      predict_pairs(pairs_, model, options_, [&](std::string_view text) { output.write(text); });
  output.commit();
  say(summary);
}

}  // namespace

std::unique_ptr<Command> make_predict_command() {
  return std::make_unique<PredictCommand>();
}

}  // namespace balse::cli
