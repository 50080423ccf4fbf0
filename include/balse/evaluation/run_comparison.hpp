#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "balse/evaluation/statistics.hpp"
#include "balse/evaluation/stored_run.hpp"

namespace balse {

/// Something that two runs say differently of how they were made.
struct RunDifference {
  std::string key;                  ///< "options.als.rank"
  std::vector<std::string> values;  ///< by run; "-" where a run does not say
};

/// One model in two runs.
struct ModelDifference {
  std::string model;
  std::string subset;
  double first = 0.0;  ///< RMSE; NaN where the run has none
  double other = 0.0;
  double difference = 0.0;  ///< other minus first
  bool paired = false;      ///< on the same test ratings of the same folds: the rest is there
  Interval interval;        ///< bootstrap over users (items), of all test ratings
  SignedRank test;
};

/// A run against the first one.
struct RunComparison {
  std::string path;
  std::string not_paired;  ///< why there are no intervals; empty where there are
  std::vector<ModelDifference> models;
};

struct RunsCompared {
  std::vector<std::string> paths;
  std::vector<RunDifference> made;
  std::vector<RunComparison> runs;
};

/// Compares every run with the first: what was different of data and options, and what came of it.
/// Models are compared with those of the same name.
RunsCompared compare_runs(const std::vector<StoredRun>& runs, std::size_t replicates,
                          std::uint64_t seed);

enum class ComparisonFormat : std::uint8_t { text, markdown, csv, json };
std::string render_comparison(const RunsCompared& compared, ComparisonFormat format);

}  // namespace balse
