#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/support/random.hpp"

namespace balse {

/// How sizes spread about their median: log-normal, with a standard deviation of the logarithm on
/// either side.
struct Spread {
  double below;
  double above;
};

/// `count` long-tailed sizes in [1, cap] which add up to `total`; count <= total <= count * cap.
std::vector<std::uint32_t> draw_sizes(std::size_t count, std::size_t total, std::size_t cap,
                                      Spread spread, Random& random);

/// Draws an index with a probability proportional to its weight, in constant time (Vose's alias
/// method).
class AliasTable {
 public:
  explicit AliasTable(const std::vector<double>& weights);
  std::uint32_t draw(Random& random) const {
    const double position = random.uniform() * static_cast<double>(alias_.size());
    const auto slot = static_cast<std::size_t>(position);
    return position - static_cast<double>(slot) < keep_[slot] ? static_cast<std::uint32_t>(slot)
                                                              : alias_[slot];
  }

 private:
  std::vector<double> keep_;
  std::vector<std::uint32_t> alias_;
};

/// A random 0/1 matrix with given row sizes, drawn row by row: who rates what, which item shows
/// what. A row's columns are drawn by weight without replacement; besides, every column is dealt to
/// one row, so that it occurs at least once. Time linear in the ones, memory in rows and columns.
class Incidence {
 public:
  /// Row sizes are at most the number of columns and add up to at least that number.
  Incidence(std::vector<std::uint32_t> row_sizes, std::vector<double> column_weights,
            std::uint64_t seed);

  /// The distinct columns of the next row, ascending; valid until the next call.
  const std::vector<std::uint32_t>& next_row();

 private:
  std::size_t deal(std::size_t size);
  void draw_few(std::size_t size);
  void draw_many(std::size_t size);

  std::vector<std::uint32_t> row_sizes_;
  std::vector<double> weights_;
  AliasTable by_weight_;
  Random random_;
  std::size_t next_ = 0;                    // row
  std::size_t ones_left_ = 0;               // of all rows from next_ on
  std::vector<std::uint32_t> to_deal_;      // columns not yet dealt, in random order
  std::vector<std::uint32_t> last_row_of_;  // by column: 1 + the last row that holds it
  std::vector<std::uint32_t> row_;
};

}  // namespace balse
