#pragma once

#include <cstddef>
#include <cstdint>

#include "model/kernels/instruction_set.hpp"

namespace balse {

/// One half of an ALS iteration: the factors of the rows are solved for, those of the columns stay
/// fixed. All factor rows are `stride` doubles long: rank of them, then zeros.
struct AlsHalfStep {
  const std::uint64_t* start;   ///< CSR of the ratings: rows + 1
  const std::uint32_t* column;  ///< CSR: which column each rating is in
  const float* value;           ///< CSR: the rating
  const double*
      row_offset;  ///< subtracted from a row's ratings; null where columns carry the offsets
  const double*
      column_offset;    ///< subtracted from a column's ratings; null where rows carry the offsets
  const double* fixed;  ///< columns x stride
  double* solved;       ///< rows x stride; rows without ratings are left alone
  std::size_t rank;
  std::size_t stride;  ///< rank rounded up to a multiple of 4
  double lambda;
  bool weigh_by_count;  ///< lambda * ratings of the row on the diagonal, instead of lambda
};

struct AlsKernels {
  /// Doubles of workspace that solve_rows needs, aligned to 64 bytes.
  std::size_t (*workspace_size)(std::size_t rank, std::size_t stride);
  /// Solves rows begin .. end-1. The result of a row does not depend on the range it is solved in.
  void (*solve_rows)(const AlsHalfStep& step, std::size_t begin, std::size_t end,
                     double* workspace);
};

const AlsKernels& als_kernels(InstructionSet set);

}  // namespace balse
