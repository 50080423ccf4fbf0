#pragma once

#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

namespace balse::test {

/// The JSON lines that a run printed, which must have ended well.
inline std::vector<nlohmann::json> json_rows(const Outcome& outcome) {
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  std::vector<nlohmann::json> rows;
  std::istringstream lines(outcome.out);
  for (std::string line; std::getline(lines, line);) {
    rows.push_back(nlohmann::json::parse(line));
  }
  return rows;
}

}  // namespace balse::test
