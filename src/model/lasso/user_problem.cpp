#include "model/lasso/user_problem.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace balse {
namespace {

// What is left of a sum of squares after centring is roundoff below this fraction of it.
constexpr double constant_column = 1e-11;

}  // namespace

UserProblem::UserProblem(const LassoKernels& kernels, const TagMatrix& tags,
                         const std::vector<double>& inverse_scale, bool intercept, double alpha)
    : kernels_(&kernels),
      tag_matrix_(&tags),
      inverse_scale_(&inverse_scale),
      intercept_(intercept),
      alpha_(alpha),
      local_(tags.tag_count, 0) {}

void UserProblem::load(std::span<const std::uint32_t> items, std::span<const float> ratings) {
  count_ = items.size();
  lambda_ = alpha_ * static_cast<double>(count_);
  mean_rating_ = 0.0;
  if (intercept_) {
    mean_rating_ = std::accumulate(ratings.begin(), ratings.end(), 0.0) / count_;
  }
  collect_tags(items);
  collect_rows(items, ratings);
  collect_columns();
  collect_moments();
  gram_size_ = 0;
  place_.assign(global_.size(), none);
}

// Numbers the tags that occur and lays out the columns.
void UserProblem::collect_tags(std::span<const std::uint32_t> items) {
  std::fill(local_.begin(), local_.end(), 0);
  for (const std::uint32_t item : items) {
    for (const std::uint32_t tag : tag_matrix_->tags_of(item)) {
      ++local_[tag];
    }
  }
  global_.clear();
  column_start_.assign(1, 0);
  for (std::uint32_t tag = 0; tag < local_.size(); ++tag) {
    if (local_[tag] != 0) {
      column_start_.push_back(column_start_.back() + local_[tag]);
      local_[tag] = static_cast<std::uint32_t>(global_.size());
      global_.push_back(tag);
    }
  }
  stride_ = padded(global_.size());
}

void UserProblem::collect_rows(std::span<const std::uint32_t> items,
                               std::span<const float> ratings) {
  row_tag_.resize(column_start_.back());
  row_weight_.resize(column_start_.back());
  row_start_.assign(1, 0);
  row_rating_.clear();
  rating_norm2_ = 0.0;
  untagged_norm2_ = 0.0;
  untagged_sum_ = 0.0;
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const double rating = ratings[i] - mean_rating_;
    rating_norm2_ += rating * rating;
    const auto tags = tag_matrix_->tags_of(items[i]);
    const auto weights = tag_matrix_->weights_of(items[i]);
    if (tags.empty()) {
      untagged_norm2_ += rating * rating;
      untagged_sum_ += rating;
      continue;
    }
    for (std::size_t k = 0; k < tags.size(); ++k, ++next) {
      row_tag_[next] = local_[tags[k]];
      row_weight_[next] = weights[k] * (*inverse_scale_)[tags[k]];
    }
    row_start_.push_back(next);
    row_rating_.push_back(rating);
  }
  all_rows_.resize(row_rating_.size());
  std::iota(all_rows_.begin(), all_rows_.end(), 0u);
}

void UserProblem::collect_columns() {
  column_row_.resize(row_tag_.size());
  column_weight_.resize(row_tag_.size());
  for (std::uint32_t row = 0; row < row_rating_.size(); ++row) {
    for (std::uint32_t k = row_start_[row]; k < row_start_[row + 1]; ++k) {
      const std::uint32_t position = column_start_[row_tag_[k]]++;
      column_row_[position] = row;
      column_weight_[position] = row_weight_[k];
    }
  }
  std::copy_backward(column_start_.begin(), column_start_.end() - 1, column_start_.end());
  column_start_[0] = 0;
}

void UserProblem::collect_moments() {
  correlation_.assign(stride_, 0.0);
  diagonal_.assign(stride_, 0.0);
  mean_.assign(stride_, 0.0);
  kernels_->add_rows(rows(), all_rows_.data(), row_rating_.data(), all_rows_.size(),
                     correlation_.data());
  for (std::size_t j = 0; j < global_.size(); ++j) {
    double sum = 0.0;
    double sum2 = 0.0;
    for (std::uint32_t k = column_start_[j]; k < column_start_[j + 1]; ++k) {
      sum += column_weight_[k];
      sum2 += column_weight_[k] * column_weight_[k];
    }
    mean_[j] = intercept_ ? sum / count_ : 0.0;
    const double centred = sum2 - mean_[j] * mean_[j] * count_;
    diagonal_[j] = centred > constant_column * sum2 ? centred : 0.0;
  }
}

std::size_t UserProblem::compute_column(std::size_t j) {
  const std::size_t place = gram_size_;
  gram_size_ += stride_;
  if (gram_size_ > gram_.size()) {
    gram_.resize(std::max(gram_size_, 2 * gram_.size()));
  }
  double* column = gram_.data() + place;
  std::fill_n(column, stride_, 0.0);
  kernels_->add_rows(rows(), column_row_.data() + column_start_[j],
                     column_weight_.data() + column_start_[j],
                     column_start_[j + 1] - column_start_[j], column);
  if (intercept_) {
    const std::size_t start = 0;
    const double coefficient = -mean_[j] * count_;
    kernels_->add_columns(mean_.data(), &start, &coefficient, 1, column, stride_);
  }
  place_[j] = place;
  return place;
}

// The gap of the dual point s r, r = y - X b, s being the best multiple that keeps |X's r| <=
// lambda: dual = s r.y - s^2 |r|^2 / 2. Items without tags share one residual, y - shift.
UserProblem::Evaluation UserProblem::evaluate(const AlignedVector& coefficient,
                                              AlignedVector& correlation) {
  residual_.assign(row_rating_.begin(), row_rating_.end());
  double shift = 0.0;  // the mean of X b before centring
  double penalty = 0.0;
  for (std::size_t j = 0; j < global_.size(); ++j) {
    if (coefficient[j] != 0.0) {
      penalty += std::abs(coefficient[j]);
      shift += coefficient[j] * mean_[j];
      for (std::uint32_t k = column_start_[j]; k < column_start_[j + 1]; ++k) {
        residual_[column_row_[k]] -= coefficient[j] * column_weight_[k];
      }
    }
  }
  const double untagged = static_cast<double>(count_ - row_rating_.size());
  double norm2 = untagged_norm2_ + 2 * shift * untagged_sum_ + shift * shift * untagged;
  double along = untagged_norm2_ + shift * untagged_sum_;  // r.y
  for (std::size_t i = 0; i < residual_.size(); ++i) {
    residual_[i] += shift;
    norm2 += residual_[i] * residual_[i];
    along += residual_[i] * row_rating_[i];
  }
  // r sums to 0 when there is an intercept, so the columns need no centring here.
  correlation.assign(stride_, 0.0);
  kernels_->add_rows(rows(), all_rows_.data(), residual_.data(), all_rows_.size(),
                     correlation.data());
  double largest = 0.0;
  for (std::size_t j = 0; j < global_.size(); ++j) {
    largest = std::max(largest, std::abs(correlation[j]));
  }
  Evaluation result;
  result.intercept = mean_rating_ - shift;
  const double primal = 0.5 * norm2 + lambda_ * penalty;
  result.objective = primal / count_;
  if (primal > 0.0) {
    const double limit = largest > 0.0 ? lambda_ / largest : HUGE_VAL;
    const double scale = norm2 > 0.0 ? std::clamp(along / norm2, 0.0, limit) : 0.0;
    const double dual = scale * along - 0.5 * scale * scale * norm2;
    result.relative_gap = std::max(0.0, primal - dual) / primal;
  }
  return result;
}

}  // namespace balse
