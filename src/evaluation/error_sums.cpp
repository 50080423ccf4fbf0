#include "balse/evaluation/error_sums.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <Eigen/Core>

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

namespace balse {
namespace {

using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kReplicatesPerRange = 50;

/// How often each of `groups` is drawn, if as many are drawn as there are.
void draw_groups(Random& random, const std::vector<std::size_t>& groups,
                 Eigen::Ref<Eigen::RowVectorXd> times) {
  times.setZero();
  for (std::size_t k = 0; k < groups.size(); ++k) {
    times[static_cast<Eigen::Index>(groups[random.below(groups.size())])] += 1.0;
  }
}

}  // namespace

ErrorSums::ErrorSums(std::size_t groups, std::size_t cells, std::size_t contenders)
    : groups_(groups), cells_(cells), width_(1 + contenders), sums_(groups * cells * width_) {}

void ErrorSums::add(std::size_t group, std::size_t cell, std::span<const double> squares) {
  add_sums(group, cell, 1.0, squares);
}

void ErrorSums::add_sums(std::size_t group, std::size_t cell, double rows,
                         std::span<const double> squares) {
  double* const sums = sums_.data() + (group * cells_ + cell) * width_;
  sums[0] += rows;
  for (std::size_t c = 0; c < squares.size(); ++c) {
    sums[1 + c] += squares[c];
  }
}

std::vector<double> ErrorSums::total(std::span<const double> weights) const {
  std::vector<double> sums(cells_ * width_);
  for (std::size_t group = 0; group < groups_; ++group) {
    for (std::size_t k = 0; k < sums.size(); ++k) {
      sums[k] += weights[group] * row(group)[k];
    }
  }
  return sums;
}

bool ErrorSums::has_rows(std::size_t group) const {
  for (std::size_t cell = 0; cell < cells_; ++cell) {
    if (rows(group, cell) > 0.0) {
      return true;
    }
  }
  return false;
}

Bootstrap::Bootstrap(const ErrorSums& sums, std::size_t replicates, std::uint64_t seed, int threads)
    : replicates_(replicates),
      width_(sums.width_),
      columns_(sums.cells_ * sums.width_),
      totals_(replicates * columns_) {
  std::vector<std::size_t> groups;
  for (std::size_t group = 0; group < sums.groups(); ++group) {
    if (sums.has_rows(group)) {
      groups.push_back(group);
    }
  }
  if (groups.empty()) {
    return;
  }
  const auto columns = static_cast<Eigen::Index>(columns_);
  const auto all = static_cast<Eigen::Index>(sums.groups());
  const Eigen::Map<const RowMajor> by_group(sums.sums_.data(), all, columns);
  parallel_ranges(
      replicates, kReplicatesPerRange, resolve_threads(threads),
      [&](std::size_t begin, std::size_t end) {
        const auto count = static_cast<Eigen::Index>(end - begin);
        RowMajor times(count, all);
        for (Eigen::Index k = 0; k < count; ++k) {
          Random random(derive_seed(seed, begin + static_cast<std::size_t>(k)));
          draw_groups(random, groups, times.row(k));
        }
        Eigen::Map<RowMajor>(totals_.data() + begin * columns_, count, columns).noalias() =
            times * by_group;
      });
}

std::vector<double> Bootstrap::rmse(std::span<const std::size_t> cells,
                                    std::size_t contender) const {
  std::vector<double> result(replicates_, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t replicate = 0; replicate < replicates_; ++replicate) {
    double sum = 0.0;
    double known = 0.0;
    for (const std::size_t cell : cells) {
      const double* const total = totals_.data() + replicate * columns_ + cell * width_;
      if (total[0] > 0.0) {
        sum += std::sqrt(total[1 + contender] / total[0]);
        known += 1.0;
      }
    }
    if (known > 0.0) {
      result[replicate] = sum / known;
    }
  }
  return result;
}

std::vector<double> Bootstrap::mean(std::size_t cell, std::size_t contender) const {
  std::vector<double> result(replicates_, std::numeric_limits<double>::quiet_NaN());
  for (std::size_t replicate = 0; replicate < replicates_; ++replicate) {
    const double* const total = totals_.data() + replicate * columns_ + cell * width_;
    if (total[0] > 0.0) {
      result[replicate] = total[1 + contender] / total[0];
    }
  }
  return result;
}

std::vector<double> differences(std::span<const double> a, std::span<const double> b) {
  std::vector<double> result(a.size());
  std::transform(a.begin(), a.end(), b.begin(), result.begin(), std::minus<>());
  return result;
}

}  // namespace balse
