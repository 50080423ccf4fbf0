#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/evaluation/learning_curve.hpp"
#include "balse/evaluation/report.hpp"
#include "balse/evaluation/splits.hpp"

#include "choices.hpp"
#include "csv_safe.hpp"
#include "findings_options.hpp"
#include "model_options.hpp"
#include "reading_options.hpp"
#include "share.hpp"
#include "study_options.hpp"

namespace balse::cli {

/// What `balse eval` can be told.
struct EvalOptions {
  void declare(CLI::App& app);
  /// Those of the table; throws Error(usage) for a name that is none.
  std::vector<Model> models() const;
  SplitOptions split_options() const;
  /// Throws Error(usage) where options do not go together, whatever the data are.
  void check() const;
  /// As --train-size has them; throws Error(usage).
  std::vector<TrainSize> train_sizes() const;
  bool by_time() const { return protocol.value() == Protocol::time; }

  ReadingOptions reading;
  ModelOptions model;
  Choice<Protocol> protocol{{"paper", Protocol::paper},
                            {"notebook", Protocol::notebook},
                            {"item-cold", Protocol::item_cold},
                            {"user-cold", Protocol::user_cold},
                            {"time", Protocol::time}};
  Choice<TimeCut> time_cut{{"global", TimeCut::global}, {"per-user", TimeCut::per_user}};
  ShareOption time_test{"20%"};
  Choice<ReportFormat> format{{"table", ReportFormat::table},
                              {"markdown", ReportFormat::markdown},
                              {"latex", ReportFormat::latex},
                              {"csv", ReportFormat::csv},
                              {"json", ReportFormat::json}};
  int fold_count = 5;
  int repeat = 1;
  std::uint64_t seed = 42;
  std::string folds_path;
  std::string fold_set;
  std::string write_folds_path;
  std::vector<std::string> train_size_texts;
  std::uint32_t fewer_than = LittleKnown{}.fewer_than;
  std::size_t least_rated = LittleKnown{}.least_rated;
  std::string output_path;
  std::string predictions_path;
  std::string report_path;
  std::string posters_path;
  std::string resume_path;
  CsvSafe csv_safe;
  std::vector<std::string> model_names;
  FindingsOptions findings;
  StudyOptions study;
  std::vector<std::string> scores;  // NAME=FILE
  int threads = 0;
  const CLI::App* command = nullptr;  ///< that these are the options of

 private:
  std::vector<const CLI::Option*> of_time_;   ///< which --protocol time alone has
  std::vector<const CLI::Option*> of_folds_;  ///< which it does not have

  void declare_protocol(CLI::App& app);
  void declare_time(CLI::App& app);
  void declare_train_size(CLI::App& app);
  void check_time() const;
  void declare_output(CLI::App& app);
};

}  // namespace balse::cli
