#pragma once

#include <cstddef>

#include "model/blocks/lasso/aligned_vector.hpp"
#include "model/kernels/lasso_kernels.hpp"

namespace balse {

/// The lower triangular L with L L' = G, for a symmetric positive definite G that gains and loses
/// rows. Column-major, so that every loop runs down a column.
class CholeskyFactor {
 public:
  /// A pivot below this fraction of the diagonal element it is left of is roundoff: the row depends
  /// linearly on those before.
  static constexpr double kDependence = 1e-10;

  explicit CholeskyFactor(const LassoKernels& kernels) : kernels_(&kernels) {}

  void clear() { size_ = 0; }
  std::size_t size() const { return size_; }

  /// Appends the row (row[0..size-1], diagonal) of G; `row` is overwritten by the row of L. False,
  /// and nothing changes, if the row depends linearly on those before.
  bool append(double* row, double diagonal);

  /// Removes row and column `index` of G.
  void remove(std::size_t index);

  /// x := L^-1 x
  void solve_lower(double* x) const {
    kernels_->solve_lower(lower_.data(), stride_, inverse_.data(), x, size_);
  }
  /// x := L'^-1 x
  void solve_upper(double* x) const {
    kernels_->solve_upper(lower_.data(), stride_, inverse_.data(), x, size_);
  }
  /// 1 / L_jj
  double inverse(std::size_t j) const { return inverse_[j]; }

 private:
  void reserve(std::size_t size);

  const LassoKernels* kernels_;
  AlignedVector lower_;
  AlignedVector inverse_;   // of the diagonal of L
  AlignedVector carry_;     // scratch of remove()
  std::size_t stride_ = 0;  // rows there is room for
  std::size_t size_ = 0;
};

}  // namespace balse
