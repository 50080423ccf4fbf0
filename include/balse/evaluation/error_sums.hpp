#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/evaluation/statistics.hpp"

namespace balse {

/// Test errors added up by group, a user or an item: all that resampling groups needs, whatever the
/// number of test ratings. Every group has a row of `cells`; a cell is what one figure is over,
/// such as a subset of one fold's test ratings, and holds the number of ratings and, of every
/// contender, the sum of squared errors.
class ErrorSums {
 public:
  ErrorSums(std::size_t groups, std::size_t cells, std::size_t contenders);

  /// One test rating; `squares` by contender.
  void add(std::size_t group, std::size_t cell, std::span<const double> squares);

  /// Many at once.
  void add_sums(std::size_t group, std::size_t cell, double rows, std::span<const double> squares);

  std::size_t groups() const { return groups_; }
  std::size_t cells() const { return cells_; }
  std::size_t contenders() const { return width_ - 1; }
  double rows(std::size_t group, std::size_t cell) const { return row(group)[cell * width_]; }
  double squares(std::size_t group, std::size_t cell, std::size_t contender) const {
    return row(group)[cell * width_ + 1 + contender];
  }

  /// Sums over the groups, each `weights` times: [cell][rows, squares by contender].
  std::vector<double> total(std::span<const double> weights) const;

  /// Whether the group has any test rating.
  bool has_rows(std::size_t group) const;

 private:
  friend class Bootstrap;
  const double* row(std::size_t group) const { return sums_.data() + group * cells_ * width_; }

  std::size_t groups_;
  std::size_t cells_;
  std::size_t width_;
  std::vector<double> sums_;
};

/// What resampling the groups of an ErrorSums with replacement gives (Efron 1979): as many groups
/// as have test ratings are drawn, again and again.
class Bootstrap {
 public:
  /// The same bits at any number of threads (0: all processors).
  Bootstrap(const ErrorSums& sums, std::size_t replicates, std::uint64_t seed, int threads);

  std::size_t replicates() const { return replicates_; }
  /// RMSE of a contender in every replicate: the mean over the cells that have ratings in it, of
  /// each one's root; NaN where none has.
  std::vector<double> rmse(std::span<const std::size_t> cells, std::size_t contender) const;
  /// Likewise the mean of what a cell adds up, without a root.
  std::vector<double> mean(std::size_t cell, std::size_t contender) const;

 private:
  std::size_t replicates_;
  std::size_t width_;
  std::size_t columns_;
  std::vector<double> totals_;  // replicates x cells x width
};

/// a minus b, place by place.
std::vector<double> differences(std::span<const double> a, std::span<const double> b);

}  // namespace balse
