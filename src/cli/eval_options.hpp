#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/evaluation/report.hpp"
#include "balse/evaluation/splits.hpp"

#include "choices.hpp"
#include "csv_safe.hpp"
#include "findings_options.hpp"
#include "model_options.hpp"
#include "reading_options.hpp"
#include "study_options.hpp"

namespace balse::cli {

/// What `balse eval` can be told.
struct EvalOptions {
  void declare(CLI::App& app);
  /// Those of the table; throws Error(usage) for a name that is none.
  std::vector<Model> models() const;
  SplitOptions split_options() const;

  ReadingOptions reading;
  ModelOptions model;
  Choice<Protocol> protocol{{"paper", Protocol::paper},
                            {"notebook", Protocol::notebook},
                            {"item-cold", Protocol::item_cold},
                            {"user-cold", Protocol::user_cold}};
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
  std::uint32_t fewer_than = LittleKnown{}.fewer_than;
  std::size_t least_rated = LittleKnown{}.least_rated;
  std::string output_path;
  std::string predictions_path;
  CsvSafe csv_safe;
  std::vector<std::string> model_names;
  FindingsOptions findings;
  StudyOptions study;
  std::vector<std::string> scores;  // NAME=FILE
  int threads = 0;

 private:
  void declare_protocol(CLI::App& app);
  void declare_output(CLI::App& app);
};

}  // namespace balse::cli
