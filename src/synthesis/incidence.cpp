#include "synthesis/incidence.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace balse {
namespace {

std::uint32_t size_at(double scale, double relative, std::size_t cap) {
  const double size = std::floor(scale * relative + 0.5);
  return static_cast<std::uint32_t>(std::clamp(size, 1.0, static_cast<double>(cap)));
}

/// The largest scale at which the sizes add up to no more than `total`.
double find_scale(const std::vector<double>& relative, std::size_t total, std::size_t cap) {
  double low = -60.0;  // logarithms
  double high = 60.0;
  for (int step = 0; step < 60; ++step) {
    const double middle = 0.5 * (low + high);
    const double scale = std::exp(middle);
    std::size_t sum = 0;
    for (const double r : relative) {
      sum += size_at(scale, r, cap);
    }
    (sum <= total ? low : high) = middle;
  }
  return std::exp(low);
}

}  // namespace

std::vector<std::uint32_t> draw_sizes(std::size_t count, std::size_t total, std::size_t cap,
                                      Spread spread, Random& random) {
  std::vector<double> relative(count);
  for (double& r : relative) {
    const double z = random.normal();
    r = std::exp(z * (z < 0.0 ? spread.below : spread.above));
  }
  const double scale = find_scale(relative, total, cap);
  std::vector<std::uint32_t> sizes(count);
  std::size_t sum = 0;
  for (std::size_t i = 0; i < count; ++i) {
    sizes[i] = size_at(scale, relative[i], cap);
    sum += sizes[i];
  }
  // Rounding left a few over: one more each, starting anywhere.
  for (std::size_t i = random.below(count); sum < total; i = i + 1 < count ? i + 1 : 0) {
    if (sizes[i] < cap) {
      ++sizes[i];
      ++sum;
    }
  }
  return sizes;
}

AliasTable::AliasTable(const std::vector<double>& weights)
    : keep_(weights.size()), alias_(weights.size()) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  std::vector<std::uint32_t> poor;
  std::vector<std::uint32_t> rich;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    keep_[i] = weights[i] / sum * static_cast<double>(weights.size());
    alias_[i] = static_cast<std::uint32_t>(i);
    (keep_[i] < 1.0 ? poor : rich).push_back(static_cast<std::uint32_t>(i));
  }
  while (!poor.empty() && !rich.empty()) {
    const std::uint32_t taker = poor.back();
    const std::uint32_t giver = rich.back();
    poor.pop_back();
    alias_[taker] = giver;
    keep_[giver] -= 1.0 - keep_[taker];
    if (keep_[giver] < 1.0) {
      rich.pop_back();
      poor.push_back(giver);
    }
  }
  // What is left is 1 but for rounding; its alias is itself, so keep_ no longer matters.
}

Incidence::Incidence(std::vector<std::uint32_t> row_sizes, std::vector<double> column_weights,
                     std::uint64_t seed)
    : row_sizes_(std::move(row_sizes)),
      weights_(std::move(column_weights)),
      by_weight_(weights_),
      random_(seed),
      ones_left_(std::accumulate(row_sizes_.begin(), row_sizes_.end(), std::size_t{0})),
      to_deal_(weights_.size()),
      last_row_of_(weights_.size()) {
  std::iota(to_deal_.begin(), to_deal_.end(), 0U);
  for (std::size_t i = to_deal_.size(); i > 1; --i) {
    std::swap(to_deal_[i - 1], to_deal_[random_.below(i)]);
  }
}

const std::vector<std::uint32_t>& Incidence::next_row() {
  const std::size_t size = row_sizes_[next_++];
  row_.clear();
  const std::size_t left = size - deal(size);
  // Rejection is slow once the columns worth drawing are taken; keys for all columns cost as much
  // as a few rows, so they are for large rows only.
  constexpr std::size_t kLargeRow = 8;
  if (size * kLargeRow < weights_.size()) {
    draw_few(left);
  } else {
    draw_many(left);
  }
  std::sort(row_.begin(), row_.end());
  return row_;
}

/// Selection sampling (Knuth's algorithm S) of the ones that are dealt, this row's share of them.
std::size_t Incidence::deal(std::size_t size) {
  for (std::size_t i = 0; i < size; ++i, --ones_left_) {
    if (!to_deal_.empty() && random_.below(ones_left_) < to_deal_.size()) {
      row_.push_back(to_deal_.back());
      last_row_of_[to_deal_.back()] = static_cast<std::uint32_t>(next_);
      to_deal_.pop_back();
    }
  }
  return row_.size();
}

void Incidence::draw_few(std::size_t size) {
  while (size > 0) {
    const std::uint32_t column = by_weight_.draw(random_);
    if (std::exchange(last_row_of_[column], static_cast<std::uint32_t>(next_)) != next_) {
      row_.push_back(column);
      --size;
    }
  }
}

/// The same distribution by sorting (Efraimidis and Spirakis 2006): the smallest of exponential
/// variables with the weights as rates.
void Incidence::draw_many(std::size_t size) {
  std::vector<std::pair<double, std::uint32_t>> keys;
  keys.reserve(weights_.size());
  for (std::uint32_t column = 0; column < weights_.size(); ++column) {
    if (last_row_of_[column] != next_) {
      keys.emplace_back(-std::log1p(-random_.uniform()) / weights_[column], column);
    }
  }
  std::nth_element(keys.begin(), keys.begin() + static_cast<std::ptrdiff_t>(size), keys.end());
  for (std::size_t i = 0; i < size; ++i) {
    row_.push_back(keys[i].second);
  }
}

}  // namespace balse
