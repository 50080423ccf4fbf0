#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "balse/model/training_json.hpp"

namespace balse {

/// Sums of squared errors of the test ratings of one user (or item) in one fold.
struct GroupSums {
  double rows = 0.0;
  std::vector<double> squares;  ///< by model of GroupTable::models
};

/// The table that `balse eval --report` writes beside results.json: by user (item) and fold.
struct GroupTable {
  std::string of;  ///< "user" or "item"; empty: there is none
  std::vector<std::string> models;
  std::map<std::pair<std::string, std::size_t>, GroupSums> sums;  ///< by id and fold
};

/// What an evaluation left behind.
struct StoredRun {
  std::string path;  ///< of results.json
  Json results;
  GroupTable groups;
};

inline constexpr const char* kGroupsFile = "groups.csv";

/// Reads results.json, or that of a report's folder, and groups.csv beside it where that is there.
/// Throws Error: no_input, bad_data for what is no such file or of a schema that this program does
/// not know.
StoredRun read_run(const std::string& path);

}  // namespace balse
