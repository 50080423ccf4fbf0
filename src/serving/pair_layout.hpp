#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/serving/predict_pairs.hpp"

namespace balse {

/// Where a file's rows have what.
struct PairLayout {
  std::string path;
  std::string delimiter;
  std::size_t user = 0;  // fields
  std::size_t item = 1;
  bool had_header = false;
  // Of all columns; made up where there is no header, made different from each other and from those
  // of the predictions: a second key or column of the same name would hide the first.
  std::vector<std::string> names;
  std::vector<std::string> renamed;  // as PredictPairsSummary has it

  /// Told by the first row; nothing, and the reason, where it is none.
  static std::optional<PairLayout> detect(const std::string& path, std::string_view first_line,
                                          const PredictPairsOptions& options, std::string& problem);
};

// What can be wrong with a row of pairs, and how it is said.
bool is_text(std::string_view line);
std::string not_text(std::string_view line);
std::string wrong_count(std::size_t count, std::string_view line, const std::string& delimiter);

}  // namespace balse
