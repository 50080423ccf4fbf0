#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/input_file.hpp"

#include "parity/shared_data.hpp"

namespace balse::test {

/// A line of reference/nb0_predictions.csv.gz.
struct ReferencePrediction {
  std::size_t row = 0;
  std::string set;  ///< "val" (predicted by the 63% model) or "test" (by the 90% one)
  double als_r10 = 0.0;
  double als_r20 = 0.0;
  std::optional<double> lasso_raw_exact;
};

inline void for_each_reference_prediction(
    const std::function<void(const ReferencePrediction&)>& take) {
  InputFile file(shared_path("reference/nb0_predictions.csv.gz"));
  std::string_view line;
  if (!file.next_line(line) ||
      line != "row,set,count,als_r10_it10,als_r20_it10,lasso_raw,lasso_scaled,lasso_raw_exact") {
    throw std::runtime_error("nb0_predictions.csv.gz has other columns than it had");
  }
  while (file.next_line(line)) {
    std::vector<std::string> fields(1);
    for (const char c : line) {
      if (c == ',') {
        fields.emplace_back();
      } else {
        fields.back() += c;
      }
    }
    ReferencePrediction row{.row = std::stoul(fields[0]),
                            .set = fields[1],
                            .als_r10 = std::stod(fields[3]),
                            .als_r20 = std::stod(fields[4])};
    if (!fields[7].empty()) {
      row.lasso_raw_exact = std::stod(fields[7]);
    }
    take(row);
  }
}

}  // namespace balse::test
