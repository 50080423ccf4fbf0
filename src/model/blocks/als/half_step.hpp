#pragma once

#include <cstddef>
#include <memory>
#include <new>

#include "balse/model/als.hpp"

#include "model/kernels/als_kernels.hpp"

namespace balse {

/// Small enough to spread the few rows with thousands of ratings.
inline constexpr std::size_t kAlsRowsPerRange = 32;

struct FreeAligned {
  void operator()(double* p) const { ::operator delete[](p, std::align_val_t{64}); }
};
using AlignedBuffer = std::unique_ptr<double[], FreeAligned>;

/// Doubles from row to row of factors as the kernels read them.
constexpr std::size_t als_stride(std::size_t rank) {
  return (rank + 3) / 4 * 4;
}

/// Factors as the kernels read them: `rows` rows, each padded with zeros to `stride` doubles; those
/// that `factors` does not have are zero.
AlignedBuffer pad_factors(const MatrixView& factors, std::size_t rows, std::size_t stride);
void unpad_factors(const AlignedBuffer& padded, std::size_t stride, Factors& factors);

/// Solves the first `rows` rows; the same bits at any number of threads.
void solve_half_step(const AlsHalfStep& step, std::size_t rows, int threads);

}  // namespace balse
