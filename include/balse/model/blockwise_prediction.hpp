#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/model/predictors.hpp"
#include "balse/support/parallel.hpp"

namespace balse {

/// Predicts in pieces: many threads predict, then one takes the results in row order, so that sums
/// and files do not depend on the number of threads and memory not on the number of rows.
class BlockwisePrediction {
 public:
  static constexpr std::size_t kRows = 16384;
  static constexpr std::size_t kRowsPerRange = 512;

  /// All `models` are there.
  BlockwisePrediction(const Predictors& predictors, std::vector<Model> models,
                      const Ratings& ratings, int threads)
      : predictors_(predictors),
        models_(std::move(models)),
        ratings_(ratings),
        threads_(threads),
        values_(kRows * models_.size()) {}

  /// take(position in `rows`, row, predictions of the models in their order)
  template <typename Take>
  void run(const std::vector<std::uint32_t>& rows, const Take& take) {
    const std::size_t width = models_.size();
    for (std::size_t first = 0; first < rows.size(); first += kRows) {
      const std::size_t count = std::min(kRows, rows.size() - first);
      parallel_ranges(count, kRowsPerRange, threads_, [&](std::size_t begin, std::size_t end) {
        JointPrediction joint(predictors_, models_);
        for (std::size_t k = begin; k < end; ++k) {
          const std::uint32_t row = rows[first + k];
          joint.predict(ratings_.user[row], ratings_.item[row],
                        std::span(values_).subspan(k * width, width));
        }
      });
      for (std::size_t k = 0; k < count; ++k) {
        take(first + k, rows[first + k],
             std::span<const double>(values_.data() + k * width, width));
      }
    }
  }

 private:
  const Predictors& predictors_;
  std::vector<Model> models_;
  const Ratings& ratings_;
  int threads_;
  std::vector<double> values_;
};

}  // namespace balse
