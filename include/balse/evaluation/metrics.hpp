#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// Which test ratings a figure is over; paper, section V.C.
enum class Subset : std::uint8_t { all, little_known, cold_start };
inline constexpr int kSubsetCount = 3;
std::string_view name_of(Subset subset);  ///< "little-known"

/// What makes an item little known.
struct LittleKnown {
  std::uint32_t fewer_than = 3;  ///< train + validation ratings; the paper's text
  std::size_t least_rated = 0;  ///< if positive instead: the test ratings of the least rated items,
                                ///< this many; what Table I shows with 1000

  std::string describe() const;  ///< "items with fewer than 3 ratings"
};

/// Which of one fold's test ratings are in which subset, given the train + validation count of each
/// one's item. The least rated are taken in the order of counts, then of rows.
class Subsets {
 public:
  Subsets(const LittleKnown& little_known, std::span<const std::uint32_t> item_counts_of_test_rows);

  bool contains(Subset subset, std::size_t test_row) const;
  std::size_t rows(Subset subset) const { return rows_[static_cast<std::size_t>(subset)]; }

 private:
  std::span<const std::uint32_t> counts_;
  std::vector<bool> little_known_;
  std::size_t rows_[kSubsetCount] = {};
};

/// A mean over folds with its 95% half-width 1.96 sd / sqrt(n), sd being the population's, as in
/// Table I.
struct MeanInterval {
  double mean = 0.0;
  double halfwidth = 0.0;  ///< NaN where n < 2: one fold says nothing of the spread
  std::size_t n = 0;       ///< folds it is over; 0: no figure
};
MeanInterval mean_interval(std::span<const double> values);

}  // namespace balse
