#include "model/blocks/lasso/user_problem.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>

namespace balse {
namespace {

// What is left of a sum of squares after centring is roundoff below this fraction of it.
constexpr double kConstantColumn = 1e-11;

constexpr std::uint32_t kNobody = UINT32_MAX;

// A weight of X, which is added where its tag is, takes as long as so many numbers of a column of
// the Gram matrix, which are added one after the other, where there are so many tags that these
// columns leave the caches.
constexpr std::size_t kNumbersPerWeight = 4;
constexpr std::size_t kManyTags = 1024;

std::uint64_t mixed(std::uint64_t hash, double number) {
  hash = (hash ^ std::bit_cast<std::uint64_t>(number)) * 0x9e3779b97f4a7c15u;
  return hash ^ hash >> 32;
}

}  // namespace

UserProblem::UserProblem(const LassoKernels& kernels, const TagMatrixView& tags,
                         const std::vector<double>& inverse_scale, bool intercept, double alpha)
    : kernels_(&kernels),
      tag_matrix_(tags),
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
  finish_columns();
  gram_size_ = 0;
  place_.assign(global_.size(), kNone);
}

// Numbers the tags that occur and lays out the columns.
void UserProblem::collect_tags(std::span<const std::uint32_t> items) {
  std::fill(local_.begin(), local_.end(), 0);
  constexpr std::size_t kAhead = 4;  // items are all over the tag matrix
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i + kAhead < items.size()) {
      const std::uint64_t start = tag_matrix_.start[items[i + kAhead]];
      __builtin_prefetch(tag_matrix_.tag.data() + start);
      __builtin_prefetch(tag_matrix_.tag.data() + start + 16);
      __builtin_prefetch(tag_matrix_.weight.data() + start);
      __builtin_prefetch(tag_matrix_.weight.data() + start + 16);
    }
    for (const std::uint32_t tag : tag_matrix_.tags_of(items[i])) {
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
  column_row_.resize(column_start_.back());
  column_weight_.resize(column_start_.back());
  moments_.assign(4 * global_.size(), 0.0);
  row_start_.assign(1, 0);
  row_rating_.clear();
  untagged_norm2_ = 0.0;
  untagged_sum_ = 0.0;
  std::uint32_t next = 0;
  for (std::size_t i = 0; i < items.size(); ++i) {
    const double rating = ratings[i] - mean_rating_;
    const auto tags = tag_matrix_.tags_of(items[i]);
    if (tags.empty()) {
      untagged_norm2_ += rating * rating;
      untagged_sum_ += rating;
      continue;
    }
    const LassoItem item = {tags.data(), tag_matrix_.weights_of(items[i]).data(), tags.size(),
                            rating, static_cast<std::uint32_t>(row_rating_.size())};
    kernels_->add_item(item, {local_.data(), inverse_scale_->data(), row_tag_.data() + next,
                              row_weight_.data() + next, column_start_.data(), column_row_.data(),
                              column_weight_.data(), moments_.data()});
    next += static_cast<std::uint32_t>(tags.size());
    row_start_.push_back(next);
    row_rating_.push_back(rating);
  }
  all_rows_.resize(row_rating_.size());
  std::iota(all_rows_.begin(), all_rows_.end(), 0u);
}

// Every start has moved to the start of the next column while the columns were filled.
void UserProblem::finish_columns() {
  std::copy_backward(column_start_.begin(), column_start_.end() - 1, column_start_.end());
  column_start_[0] = 0;
  correlation_.assign(stride_, 0.0);
  diagonal_.assign(stride_, 0.0);
  mean_.assign(stride_, 0.0);
  for (std::size_t j = 0; j < global_.size(); ++j) {
    const double* moments = moments_.data() + 4 * j;
    mean_[j] = intercept_ ? moments[0] / count_ : 0.0;
    correlation_[j] = moments[2];
    const double centred = moments[1] - mean_[j] * mean_[j] * count_;
    diagonal_[j] = centred > kConstantColumn * moments[1] ? centred : 0.0;
  }
  close_twins();
}

// Keywords come in thousands with the same weight on the same items. One of them is enough.
void UserProblem::close_twins() {
  first_of_its_kind_.assign(std::bit_ceil(2 * global_.size() + 1), kNobody);
  const std::size_t mask = first_of_its_kind_.size() - 1;
  for (std::uint32_t j = 0; j < global_.size(); ++j) {
    // The columns' moments tell nearly all of them apart, and cost nothing.
    std::size_t slot = mixed(mixed(0, moment(j, 0)), moment(j, 2)) & mask;
    bool by_content = false;
    for (; first_of_its_kind_[slot] != kNobody; slot = (slot + 1) & mask) {
      const std::uint32_t other = first_of_its_kind_[slot];
      if (same_column(other, j)) {
        break;
      }
      if (!by_content && moment(other, 0) == moment(j, 0) && moment(other, 2) == moment(j, 2)) {
        slot = content_hash(j) & mask;
        by_content = true;
      }
    }
    if (first_of_its_kind_[slot] == kNobody) {
      first_of_its_kind_[slot] = j;
    } else {
      diagonal_[j] = 0.0;
    }
  }
}

std::uint64_t UserProblem::content_hash(std::size_t j) const {
  std::uint64_t hash = 1;
  for (std::uint32_t k = column_start_[j]; k < column_start_[j + 1]; ++k) {
    hash = mixed(hash + column_row_[k], column_weight_[k]);
  }
  return hash;
}

bool UserProblem::same_column(std::size_t j, std::size_t k) const {
  const std::size_t count = column_start_[j + 1] - column_start_[j];
  const auto same = [&](const auto& values) {
    const auto left = values.begin() + column_start_[j];
    return std::equal(left, left + count, values.begin() + column_start_[k]);
  };
  return column_start_[k + 1] - column_start_[k] == count && same(column_row_) &&
         same(column_weight_);
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

void UserProblem::subtract_gram_product(std::span<const std::size_t> tags, const AlignedVector& x,
                                        AlignedVector& target) {
  if (stride_ > kManyTags && tags.size() * stride_ > kNumbersPerWeight * row_weight_.size()) {
    subtract_fitted(tags, x, target);
    return;
  }
  columns_.clear();
  negated_.resize(std::max(negated_.size(), tags.size()));
  for (std::size_t k = 0; k < tags.size(); ++k) {
    columns_.push_back(place_[tags[k]]);
    negated_[k] = -x[k];
  }
  kernels_->add_columns(gram_.data(), columns_.data(), negated_.data(), tags.size(), target.data(),
                        stride_);
}

// X' (X x), centred afterwards: of thousands of tags an item has few.
void UserProblem::subtract_fitted(std::span<const std::size_t> tags, const AlignedVector& x,
                                  AlignedVector& target) {
  fitted_.assign(row_rating_.size(), 0.0);
  double shift = 0.0;
  for (std::size_t k = 0; k < tags.size(); ++k) {
    const std::size_t j = tags[k];
    shift += x[k] * mean_[j];
    for (std::uint32_t e = column_start_[j]; e < column_start_[j + 1]; ++e) {
      fitted_[column_row_[e]] -= x[k] * column_weight_[e];
    }
  }
  kernels_->add_rows(rows(), all_rows_.data(), fitted_.data(), all_rows_.size(), target.data());
  if (intercept_) {
    const std::size_t start = 0;
    const double coefficient = shift * static_cast<double>(count_);
    kernels_->add_columns(mean_.data(), &start, &coefficient, 1, target.data(), stride_);
  }
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
      const std::uint32_t* const row = column_row_.data();
      const double* const weight = column_weight_.data();
      for (std::uint32_t k = column_start_[j]; k < column_start_[j + 1]; ++k) {
        residual_[row[k]] -= coefficient[j] * weight[k];
      }
    }
  }
  const auto untagged = static_cast<double>(count_ - row_rating_.size());
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

double UserProblem::null_objective() const {
  double norm2 = untagged_norm2_;
  for (const double rating : row_rating_) {
    norm2 += rating * rating;
  }
  return 0.5 * norm2 / count_;
}

}  // namespace balse
