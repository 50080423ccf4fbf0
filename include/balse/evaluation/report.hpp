#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/input_record.hpp"
#include "balse/evaluation/evaluation.hpp"

namespace balse {

enum class ReportFormat { table, markdown, latex, csv, json };

/// What a result was made of and by: everything needed to make it again.
struct Manifest {
  std::string version;
  std::vector<std::string> command_line;
  std::vector<InputRecord> inputs;
  std::string protocol;  ///< Splits::describe()
  std::uint64_t seed = 0;
  int threads = 0;
  std::size_t ratings = 0;
  std::size_t users = 0;
  std::size_t items = 0;
  std::size_t tags = 0;                   ///< 0: no tags were given
  std::size_t max_tags = 0;               ///< that --max-tags takes; 0: all
  std::vector<std::string> without_tags;  ///< what --without-tags leaves out
  std::size_t items_with_tags = 0;
  std::size_t user_features = 0;  ///< 0: none were given
  std::size_t users_with_features = 0;
  std::size_t item_features = 0;  ///< the same of items
  std::size_t items_with_features = 0;
  std::string scale;
  std::string compiler;      ///< "GCC 12.2.0"
  std::string processor;     ///< as the system calls it
  std::string date;          ///< ISO 8601, UTC
  std::string config;        ///< all options as a file for --config
  std::string folds_sha256;  ///< of what write_splits() writes; empty: nobody asked
  CrossValidationOptions options;
  double seconds = 0.0;
};

/// The result as text that ends in a newline. Figures are mean +- 1.96 sd/sqrt(folds); csv is
/// model,subset,folds,rows,rmse,halfwidth; json holds the manifest and every fold's figures. Only
/// json depends on how long the run took.
std::string render_report(const Evaluation& evaluation, const Manifest& manifest,
                          ReportFormat format);

}  // namespace balse
