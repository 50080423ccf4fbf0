#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/model/derived_features.hpp"

namespace balse {

/// Features of users as columns that a prior mean may be linear in: the features, or, where there
/// are more than `limit`, their leading principal components, standardised over the users that have
/// features and training ratings. All zero for a user without features: an average one.
class UserFeatureColumns {
 public:
  /// `features` has a row for every user, and must outlive it.
  UserFeatureColumns(const TagMatrix& features, std::span<const std::uint32_t> user_counts,
                     std::size_t limit);

  std::size_t count() const { return components_.count; }
  double value(std::size_t user, std::size_t column) const;

  /// What `slopes`, count() rows of n numbers for the columns, come to in terms of the features
  /// themselves: a row of n for each of them, and `offset`, n numbers, for whoever has features at
  /// all. For features t of a user, slopes' z = offset + result' t.
  std::vector<double> of_features(std::span<const double> slopes, std::size_t n,
                                  std::vector<double>& offset) const;

 private:
  const TagMatrix& features_;
  TagComponents components_;
  std::vector<double> mean_;       // of each column
  std::vector<double> deviation_;  // the same, not below kLeastDeviation
};

}  // namespace balse
