#pragma once

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <span>
#include <vector>

namespace balse {

/// The area under the ROC curve: how likely a random positive scores above a random negative, ties
/// by half. NaN without a positive or without a negative.
inline double auc(std::span<const float> scores, std::span<const float> truth) {
  std::vector<std::size_t> order(scores.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double negatives_below = 0.0;
  double wins = 0.0;
  double positives = 0.0;
  for (std::size_t begin = 0; begin < order.size();) {
    std::size_t end = begin;
    double tied_positives = 0.0;
    for (; end < order.size() && scores[order[end]] == scores[order[begin]]; ++end) {
      tied_positives += truth[order[end]] > 0.5F ? 1.0 : 0.0;
    }
    const double tied_negatives = static_cast<double>(end - begin) - tied_positives;
    wins += tied_positives * (negatives_below + 0.5 * tied_negatives);
    positives += tied_positives;
    negatives_below += tied_negatives;
    begin = end;
  }
  return wins / (positives * negatives_below);
}

/// The AUC of every column of two matrices, images x `tags`.
inline std::vector<double> auc_by_tag(std::span<const float> scores, std::span<const float> truth,
                                      std::size_t tags) {
  std::vector<double> result;
  for (std::size_t tag = 0; tag < tags; ++tag) {
    std::vector<float> column;
    std::vector<float> column_truth;
    for (std::size_t at = tag; at < scores.size(); at += tags) {
      column.push_back(scores[at]);
      column_truth.push_back(truth[at]);
    }
    result.push_back(auc(column, column_truth));
  }
  return result;
}

inline double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

}  // namespace balse
