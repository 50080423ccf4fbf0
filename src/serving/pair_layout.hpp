#pragma once

#include <cstddef>
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
  std::vector<std::string> names;  // of all columns; made up where there is no header

  std::size_t needed() const { return (user > item ? user : item) + 1; }

  /// Told by the first line that is not blank.
  static PairLayout detect(const std::string& path, std::string_view first_line,
                           const PredictPairsOptions& options);
};

}  // namespace balse
