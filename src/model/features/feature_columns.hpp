#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/model/parameters.hpp"

namespace balse {

/// Features of users or items while they are put together: a row for each, dense.
class FeatureColumns {
 public:
  FeatureColumns(std::size_t rows, std::size_t columns)
      : columns_(columns), values_(rows * columns) {}

  double& at(std::size_t row, std::size_t column) { return values_[row * columns_ + column]; }
  double at(std::size_t row, std::size_t column) const { return values_[row * columns_ + column]; }
  std::size_t columns() const { return columns_; }
  MatrixView view() const { return {values_.size() / columns_, columns_, values_}; }

  /// Puts `from`, rows x count, into the columns from `first` on.
  void set(std::size_t first, std::size_t count, std::span<const double> from);

  /// The same of rows of which only the first `count` of `all` numbers are taken.
  void set_leading(std::size_t first, std::size_t count, std::span<const double> from,
                   std::size_t all);

  struct Spread {
    double mean = 0.0;
    double deviation = 0.0;
  };
  /// What counts once in a column's mean: every row that has ratings, or every rating.
  enum class Each : std::uint8_t { row, rating };
  Spread spread(std::size_t column, std::span<const std::uint32_t> counts, Each each) const;

 private:
  std::size_t columns_;
  std::vector<double> values_;
};

}  // namespace balse
