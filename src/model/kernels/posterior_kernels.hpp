#pragma once

#include <cstddef>

#include "model/kernels/instruction_set.hpp"

namespace balse {

/// What fits that keep a Gaussian posterior for every user or item spend their time in: sums of
/// symmetric matrices, and the inverses of many small ones. A symmetric n x n matrix is packed: the
/// rows of its lower triangle one after another, n (n + 1) / 2 numbers.
struct PosteriorKernels {
  /// Matrices that are inverted at once: number k of matrix `lane` lies at k * kBatch + lane.
  static constexpr std::size_t kBatch = 4;

  /// to += sum over the rows r of weights[r] * rows[r], each of `count` numbers.
  void (*add_rows)(std::size_t count, std::size_t rows, const double* const* from,
                   const double* weights, double* to);
  /// packed += sum over the rows x of `rows`, `count` x n, of x x'.
  void (*add_squares)(std::size_t n, std::size_t count, const double* rows, double* packed);
  /// Replaces kBatch positive definite matrices by their inverses. A matrix that is not positive
  /// definite becomes numbers that are not finite. `workspace` has packed_size(n) * kBatch numbers;
  /// both are aligned to 32 bytes.
  void (*invert)(std::size_t n, double* packed, double* workspace);
  /// Lays kBatch sums `start + scales[lane] * from[lane]` of `count` numbers side by side, as
  /// invert() takes them; `to` is aligned to 32 bytes.
  void (*interleave)(std::size_t count, const double* start, const double* scales,
                     const double* const* from, double* to);
  /// The other way round: number k of matrix `lane` to to[lane * count + k].
  void (*separate)(std::size_t count, const double* from, double* to);
  /// y = A x for a packed A; y and x do not overlap.
  void (*multiply)(std::size_t n, const double* packed, const double* x, double* y);
  /// The sum of a[k] * b[k].
  double (*dot)(std::size_t count, const double* a, const double* b);

  static constexpr std::size_t packed_size(std::size_t n) { return n * (n + 1) / 2; }
};

const PosteriorKernels& posterior_kernels(InstructionSet set);

}  // namespace balse
