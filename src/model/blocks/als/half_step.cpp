#include "model/blocks/als/half_step.hpp"

#include <algorithm>

#include "balse/support/parallel.hpp"

namespace balse {
namespace {

AlignedBuffer make_buffer(std::size_t size) {
  return AlignedBuffer(
      static_cast<double*>(::operator new[](size * sizeof(double), std::align_val_t{64})));
}

}  // namespace

AlignedBuffer pad_factors(const MatrixView& factors, std::size_t rows, std::size_t stride) {
  AlignedBuffer padded = make_buffer(rows * stride);
  std::fill_n(padded.get(), rows * stride, 0.0);
  for (std::size_t row = 0; row < std::min(rows, factors.rows); ++row) {
    std::copy_n(factors.row(row).data(), factors.columns, padded.get() + row * stride);
  }
  return padded;
}

void unpad_factors(const AlignedBuffer& padded, std::size_t stride, Factors& factors) {
  for (std::size_t row = 0; row < factors.rows; ++row) {
    std::copy_n(padded.get() + row * stride, factors.rank, factors.row(row).data());
  }
}

void solve_half_step(const AlsHalfStep& step, std::size_t rows, int threads) {
  const AlsKernels& kernels = als_kernels(best_instruction_set());
  parallel_ranges(rows, kAlsRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    const AlignedBuffer workspace = make_buffer(kernels.workspace_size(step.rank, step.stride));
    kernels.solve_rows(step, begin, end, workspace.get());
  });
}

Factors solve_als_users(const RatingRows& by_user, std::span<const double> user_offset,
                        const MatrixView& items, std::size_t item_rows, const AlsOptions& options) {
  const std::size_t stride = als_stride(items.columns);
  Factors users{.rows = by_user.rows(),
                .rank = items.columns,
                .values = std::vector<double>(by_user.rows() * items.columns)};
  const AlignedBuffer fixed = pad_factors(items, item_rows, stride);
  const AlignedBuffer solved = pad_factors(users.view(), users.rows, stride);
  solve_half_step({.start = by_user.start.data(),
                   .column = by_user.index.data(),
                   .value = by_user.value.data(),
                   .row_offset = user_offset.data(),
                   .column_offset = nullptr,
                   .fixed = fixed.get(),
                   .solved = solved.get(),
                   .rank = users.rank,
                   .stride = stride,
                   .lambda = options.lambda,
                   .weigh_by_count = options.weighting == AlsWeighting::by_count},
                  users.rows, resolve_threads(options.threads));
  unpad_factors(solved, stride, users);
  return users;
}

}  // namespace balse
