#include "model/blocks/lasso/cholesky_factor.hpp"

#include <algorithm>
#include <cmath>

namespace balse {

void CholeskyFactor::reserve(std::size_t size) {
  if (size <= stride_) {
    return;
  }
  const std::size_t stride = padded(std::max<std::size_t>({size, 2 * stride_, 64}));
  AlignedVector lower(stride * stride);
  for (std::size_t j = 0; j < size_; ++j) {
    std::copy_n(lower_.data() + j * stride_ + j, size_ - j, lower.data() + j * stride + j);
  }
  lower_.swap(lower);
  stride_ = stride;
  inverse_.resize(stride);
  carry_.resize(stride);
}

bool CholeskyFactor::append(double* row, double diagonal) {
  reserve(size_ + 1);
  solve_lower(row);
  const double pivot = diagonal - kernels_->dot(row, row, size_);
  if (!(pivot > kDependence * diagonal)) {
    return false;
  }
  for (std::size_t j = 0; j < size_; ++j) {
    lower_[j * stride_ + size_] = row[j];
  }
  const double root = std::sqrt(pivot);
  lower_[size_ * stride_ + size_] = root;
  inverse_[size_] = 1.0 / root;
  ++size_;
  return true;
}

// Left of `index` rows move up. The block below and right of it, B, becomes the factor of
// B B' + l l' with l the removed column: one Givens rotation a column takes l in.
void CholeskyFactor::remove(std::size_t index) {
  const std::size_t below = size_ - index - 1;
  for (std::size_t j = 0; j < index; ++j) {
    double* column = lower_.data() + j * stride_ + index;
    std::copy(column + 1, column + 1 + below, column);
  }
  std::copy_n(lower_.data() + index * stride_ + index + 1, below, carry_.data());
  for (std::size_t k = 0; k < below; ++k) {
    const std::size_t j = index + k;
    const double* source = lower_.data() + (j + 1) * stride_ + j + 1;
    double* target = lower_.data() + j * stride_ + j;
    const double root = std::sqrt(source[0] * source[0] + carry_[k] * carry_[k]);
    kernels_->rotate(source[0] / root, carry_[k] / root, source, carry_.data() + k, target,
                     below - k);
    inverse_[j] = 1.0 / root;
  }
  --size_;
}

}  // namespace balse
