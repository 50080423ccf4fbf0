#pragma once

#include <sstream>
#include <string>
#include <vector>

namespace balse::test {

/// The fields of the program's CSV, without an empty one at the end of a row.
inline std::vector<std::vector<std::string>> csv_rows(const std::string& csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    std::vector<std::string>& row = rows.emplace_back();
    std::string field;
    bool quoted = false;
    for (const char c : line + ',') {
      if (c == '"') {
        quoted = !quoted;
      } else if (c == ',' && !quoted) {
        row.push_back(field);
        field.clear();
      } else {
        field += c;
      }
    }
    if (row.back().empty()) {
      row.pop_back();
    }
  }
  return rows;
}

}  // namespace balse::test
