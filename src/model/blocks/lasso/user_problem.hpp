#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/tags.hpp"

#include "model/blocks/lasso/aligned_vector.hpp"
#include "model/kernels/lasso_kernels.hpp"

namespace balse {

/// One user's LASSO in terms of the tags of the items they rated ("local" tags): with x_j the
/// column of tag j, y the ratings, both centred when there is an intercept,
///     minimise 1/2 |y - X b|^2 + lambda |b|_1,   lambda = alpha n.
/// Columns of the Gram matrix X'X are computed when asked for. An object is reused for many users
/// and keeps its memory. Vectors over local tags have stride() elements, zero from tags() on.
class UserProblem {
 public:
  struct Evaluation {
    double objective = 0.0;     ///< 1/(2 n) |y - X b|^2 + alpha |b|_1
    double relative_gap = 0.0;  ///< duality gap / objective
    double intercept = 0.0;
  };

  /// `inverse_scale` holds what each tag's weights are multiplied by. It is referred to, as is what
  /// `tags` views.
  UserProblem(const LassoKernels& kernels, const TagMatrixView& tags,
              const std::vector<double>& inverse_scale, bool intercept, double alpha);

  void load(std::span<const std::uint32_t> items, std::span<const float> ratings);

  std::size_t tags() const { return global_.size(); }
  std::size_t stride() const { return stride_; }
  std::size_t ratings() const { return count_; }
  double lambda() const { return lambda_; }
  /// The column of the tag matrix that local tag j is; ascending.
  std::uint32_t global(std::size_t j) const { return global_[j]; }

  /// X'y
  const AlignedVector& correlation() const { return correlation_; }
  /// The Gram matrix's diagonal; 0 for a column that is constant (or empty) but for roundoff, and
  /// for one that is the same as an earlier tag's: such a tag says nothing about this user, or
  /// nothing new.
  double diagonal(std::size_t j) const { return diagonal_[j]; }

  /// Where column j of the Gram matrix starts in gram(); computes it the first time.
  std::size_t column(std::size_t j) { return place_[j] != kNone ? place_[j] : compute_column(j); }
  /// So many there are.
  std::size_t columns() const { return stride_ == 0 ? 0 : gram_size_ / stride_; }
  /// Invalidated by column().
  const double* gram() const { return gram_.data(); }

  /// target -= X'X x, for x that is x[k] of tags[k] and 0 elsewhere: by the columns of the Gram
  /// matrix, which are there, or by those of X where that is less work.
  void subtract_gram_product(std::span<const std::size_t> tags, const AlignedVector& x,
                             AlignedVector& target);

  /// Objective and gap of `coefficient` from the residuals themselves; `correlation` becomes
  /// X'(y - X b).
  Evaluation evaluate(const AlignedVector& coefficient, AlignedVector& correlation);

  /// The objective where all coefficients are 0.
  double null_objective() const;

 private:
  static constexpr std::size_t kNone = static_cast<std::size_t>(-1);

  void collect_tags(std::span<const std::uint32_t> items);
  void collect_rows(std::span<const std::uint32_t> items, std::span<const float> ratings);
  void finish_columns();
  void close_twins();
  double moment(std::size_t j, std::size_t which) const { return moments_[4 * j + which]; }
  std::uint64_t content_hash(std::size_t j) const;
  bool same_column(std::size_t j, std::size_t k) const;
  std::size_t compute_column(std::size_t j);
  void subtract_fitted(std::span<const std::size_t> tags, const AlignedVector& x,
                       AlignedVector& target);
  LassoRows rows() const { return {row_start_.data(), row_tag_.data(), row_weight_.data()}; }

  const LassoKernels* kernels_;
  TagMatrixView tag_matrix_;
  const std::vector<double>* inverse_scale_;
  bool intercept_;
  double alpha_;

  std::size_t count_ = 0;  // ratings, of items with and without tags
  std::size_t stride_ = 0;
  double lambda_ = 0.0;
  double mean_rating_ = 0.0;     // 0 without intercept
  double untagged_norm2_ = 0.0;  // of the part of y that no tag explains: items without tags
  double untagged_sum_ = 0.0;

  std::vector<std::uint32_t> local_;   // by global tag: local number, or its count while collecting
  std::vector<std::uint32_t> global_;  // by local tag

  std::vector<std::uint32_t> all_rows_;   // 0, 1, 2, ... as many as rows
  std::vector<std::uint32_t> row_start_;  // a row for each rated item that has tags
  std::vector<std::uint32_t> row_tag_;
  std::vector<double> row_weight_;
  std::vector<double> row_rating_;  // centred
  std::vector<double> residual_;
  std::vector<double> fitted_;

  std::vector<std::uint32_t> column_start_;  // the same by tag
  std::vector<std::uint32_t> column_row_;
  std::vector<double> column_weight_;

  AlignedVector moments_;  // see LassoSink
  AlignedVector mean_;     // of a column over all rated items; 0 without intercept
  AlignedVector correlation_;
  AlignedVector diagonal_;
  std::vector<std::uint32_t> first_of_its_kind_;  // scratch of close_twins(): a hash table of tags
  AlignedVector gram_;                            // columns in the order they were asked for
  std::vector<std::size_t> place_;
  std::size_t gram_size_ = 0;
  std::vector<std::size_t> columns_;  // scratch of subtract_gram_product()
  AlignedVector negated_;             // the same
};

}  // namespace balse
