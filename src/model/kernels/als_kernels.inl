// The body of als_kernels_*.cpp. Defines namespace-local kernels for vectors of kLanes doubles.
//
// For each row: the Gram matrix of its columns' factors, upper triangle only, in tiles of 4 rows x
// up to 3 vectors that stay in registers over kChunk ratings; the right-hand side is one more tile.
// Then kLanes rows together: element (i, j) of kLanes Gram matrices is one vector, and one Cholesky
// factorisation and one back substitution solve all of them, without a single horizontal operation.

namespace balse::BALSE_KERNEL_NAMESPACE {
namespace {

using Vec = double __attribute__((vector_size(8 * BALSE_KERNEL_LANES)));
using UnalignedVec =
    double __attribute__((vector_size(8 * BALSE_KERNEL_LANES), aligned(8), may_alias));

constexpr std::size_t kLanes = BALSE_KERNEL_LANES;
constexpr std::size_t kChunk = 64;  // ratings gathered at a time: 10 KB at rank 20, stays in L1
constexpr std::size_t kPrefetchAhead =
    12;  // ratings between asking for a factor row and reading it

inline Vec load(const double* p) {
  return *reinterpret_cast<const UnalignedVec*>(p);
}

inline void store(double* p, Vec v) {
  *reinterpret_cast<UnalignedVec*>(p) = v;
}

inline Vec broadcast(double x) {
  return x - Vec{};
}

// gram[a * stride + j] += sum over k of x_k[row + a] * x_k[column + j], for a < kRows, j < kVectors
// * kLanes.
template <std::size_t kRows, std::size_t kVectors>
inline void accumulate_tile(const double* gathered, std::size_t count, std::size_t gathered_stride,
                            std::size_t row, std::size_t column, double* gram, std::size_t stride) {
  Vec sum[kRows][kVectors];
  for (std::size_t a = 0; a < kRows; ++a) {
    for (std::size_t c = 0; c < kVectors; ++c) {
      sum[a][c] = load(gram + a * stride + c * kLanes);
    }
  }
  const double* x = gathered;
  for (std::size_t k = 0; k < count; ++k, x += gathered_stride) {
    Vec right[kVectors];
    for (std::size_t c = 0; c < kVectors; ++c) {
      right[c] = load(x + column + c * kLanes);
    }
    for (std::size_t a = 0; a < kRows; ++a) {
      const Vec left = broadcast(x[row + a]);
      for (std::size_t c = 0; c < kVectors; ++c) {
        sum[a][c] += left * right[c];
      }
    }
  }
  for (std::size_t a = 0; a < kRows; ++a) {
    for (std::size_t c = 0; c < kVectors; ++c) {
      store(gram + a * stride + c * kLanes, sum[a][c]);
    }
  }
}

// One block of kRows rows against `vectors` vectors of columns, in pieces that fit the registers.
template <std::size_t kRows>
inline void accumulate_block(const double* gathered, std::size_t count, std::size_t gathered_stride,
                             std::size_t row, std::size_t column, std::size_t vectors, double* gram,
                             std::size_t stride) {
  while (vectors > 0) {
    // 4 = 2 + 2 rather than 3 + 1: a single vector leaves the adders waiting for each other.
    const std::size_t piece = vectors == 4 ? 2 : (vectors < 3 ? vectors : 3);
    if (piece == 3) {
      accumulate_tile<kRows, 3>(gathered, count, gathered_stride, row, column, gram, stride);
    } else if (piece == 2) {
      accumulate_tile<kRows, 2>(gathered, count, gathered_stride, row, column, gram, stride);
    } else {
      accumulate_tile<kRows, 1>(gathered, count, gathered_stride, row, column, gram, stride);
    }
    vectors -= piece;
    column += piece * kLanes;
    gram += piece * kLanes;
  }
}

inline void accumulate_right_hand_side(const double* gathered, std::size_t count,
                                       std::size_t gathered_stride, std::size_t stride,
                                       double* right_hand_side) {
  std::size_t column = 0;
  for (; column + 5 * kLanes <= stride; column += 5 * kLanes) {
    accumulate_tile<1, 5>(gathered, count, gathered_stride, stride, column,
                          right_hand_side + column, stride);
  }
  for (; column + 2 * kLanes <= stride; column += 2 * kLanes) {
    accumulate_tile<1, 2>(gathered, count, gathered_stride, stride, column,
                          right_hand_side + column, stride);
  }
  for (; column < stride; column += kLanes) {
    accumulate_tile<1, 1>(gathered, count, gathered_stride, stride, column,
                          right_hand_side + column, stride);
  }
}

// Copies the factors of up to kChunk ratings of a row side by side, each followed by its centred
// rating.
inline void gather(const AlsHalfStep& step, std::size_t row, std::uint64_t first, std::size_t count,
                   std::uint64_t row_end, double* gathered) {
  const std::size_t gathered_stride = step.stride + 4;
  const double row_offset = step.row_offset != nullptr ? step.row_offset[row] : 0.0;
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t position = first + k;
    if (position + kPrefetchAhead < row_end) {
      const double* ahead = step.fixed + step.column[position + kPrefetchAhead] * step.stride;
      __builtin_prefetch(ahead);
      __builtin_prefetch(ahead + 8);
      __builtin_prefetch(ahead + 16);
    }
    const std::size_t column = step.column[position];
    const double* source = step.fixed + column * step.stride;
    double* target = gathered + k * gathered_stride;
#pragma GCC unroll 4
    for (std::size_t j = 0; j < step.stride; j += kLanes) {
      store(target + j, load(source + j));
    }
    const double offset = step.column_offset != nullptr ? step.column_offset[column] : row_offset;
    target[step.stride] = static_cast<double>(step.value[position]) - offset;
  }
}

// gram: stride x stride, only what lies on or right of each 4-row block's diagonal is meaningful;
// below it, at row `stride`, the right-hand side.
inline void accumulate_row(const AlsHalfStep& step, std::size_t row, double* gathered,
                           double* gram) {
  const std::size_t stride = step.stride;
  const std::size_t gathered_stride = stride + 4;
  for (std::size_t k = 0; k < (stride + 1) * stride; ++k) {
    gram[k] = 0.0;
  }
  const std::uint64_t end = step.start[row + 1];
  for (std::uint64_t first = step.start[row]; first < end; first += kChunk) {
    const std::size_t count = end - first < kChunk ? end - first : kChunk;
    gather(step, row, first, count, end, gathered);
    for (std::size_t i = 0; i < stride; i += 4) {
      const std::size_t column = i / kLanes * kLanes;
      accumulate_block<4>(gathered, count, gathered_stride, i, column, (stride - column) / kLanes,
                          gram + i * stride + column, stride);
    }
    accumulate_right_hand_side(gathered, count, gathered_stride, stride, gram + stride * stride);
  }
}

// Packed rows of the upper triangle with the right-hand side as last column: row i starts here and
// has rank + 1 - i elements, each kLanes doubles.
inline std::size_t packed_row(std::size_t i, std::size_t rank) {
  return i * (rank + 1) - i * (i - 1) / 2;
}

// Puts one row's system into lane `lane` of the packed systems.
inline void pack(const double* gram, std::size_t rank, std::size_t stride, double diagonal,
                 std::size_t lane, double* packed) {
  double* target = packed + lane;
  const double* right_hand_side = gram + stride * stride;
  for (std::size_t i = 0; i < rank; ++i) {
    const double* source = gram + i * stride;
    *target = source[i] + diagonal;
    target += kLanes;
    for (std::size_t j = i + 1; j < rank; ++j, target += kLanes) {
      *target = source[j];
    }
    *target = right_hand_side[i];
    target += kLanes;
  }
}

// kVectors elements of row i from column j on, minus what the rows above take from them.
template <std::size_t kVectors>
inline void eliminate(double* packed, std::size_t rank, std::size_t i, std::size_t j, Vec* out) {
  for (std::size_t t = 0; t < kVectors; ++t) {
    out[t] = load(packed + (packed_row(i, rank) + j - i + t) * kLanes);
  }
  for (std::size_t k = 0; k < i; ++k) {
    const double* above = packed + (packed_row(k, rank) - k) * kLanes;
    const Vec left = load(above + i * kLanes);
    for (std::size_t t = 0; t < kVectors; ++t) {
      out[t] -= left * load(above + (j + t) * kLanes);
    }
  }
}

// Row i of the factor from column j on, as long as blocks of kVectors fit; returns where it
// stopped.
template <std::size_t kVectors>
inline std::size_t eliminate_blocks(double* packed, std::size_t rank, std::size_t i,
                                    std::size_t j) {
  Vec block[kVectors];
  for (; j + kVectors <= rank + 1; j += kVectors) {
    eliminate<kVectors>(packed, rank, i, j, block);
    for (std::size_t t = 0; t < kVectors; ++t) {
      store(packed + (packed_row(i, rank) + j - i + t) * kLanes, block[t]);
    }
  }
  return j;
}

// A = U'U in place, diagonal elements inverted; the right-hand side b becomes U'^-1 b on the way.
// Then solution[i] (i < rank, each kLanes doubles) = U^-1 of that.
inline void solve_packed(double* packed, std::size_t rank, double* solution) {
  for (std::size_t i = 0; i < rank; ++i) {
    // Eight sums at a time keep the multipliers busy while each waits for its own last addition.
    std::size_t j = eliminate_blocks<8>(packed, rank, i, i);
    j = eliminate_blocks<4>(packed, rank, i, j);
    j = eliminate_blocks<2>(packed, rank, i, j);
    eliminate_blocks<1>(packed, rank, i, j);
    double* row = packed + packed_row(i, rank) * kLanes;
    Vec inverse = load(row);
    for (std::size_t lane = 0; lane < kLanes; ++lane) {
      inverse[lane] = 1.0 / __builtin_sqrt(inverse[lane]);
    }
    store(row, inverse);
    for (std::size_t t = 1; t < rank + 1 - i; ++t) {
      store(row + t * kLanes, load(row + t * kLanes) * inverse);
    }
  }
  for (std::size_t i = rank; i-- > 0;) {
    const double* row = packed + (packed_row(i, rank) - i) * kLanes;
    Vec x = load(row + rank * kLanes);
    for (std::size_t j = i + 1; j < rank; ++j) {
      x -= load(row + j * kLanes) * load(solution + j * kLanes);
    }
    store(solution + i * kLanes, x * load(row + i * kLanes));
  }
}

std::size_t workspace_size(std::size_t rank, std::size_t stride) {
  return kChunk * (stride + 4) + (stride + 1) * stride + packed_row(rank, rank) * kLanes +
         rank * kLanes;
}

void solve_rows(const AlsHalfStep& step, std::size_t begin, std::size_t end, double* workspace) {
  double* gathered = workspace;
  double* gram = gathered + kChunk * (step.stride + 4);
  double* packed = gram + (step.stride + 1) * step.stride;
  double* solution = packed + packed_row(step.rank, step.rank) * kLanes;
  std::size_t next = begin;
  while (next < end) {
    std::size_t rows[kLanes];
    std::size_t filled = 0;
    for (; next < end && filled < kLanes; ++next) {
      const std::uint64_t count = step.start[next + 1] - step.start[next];
      if (count > 0) {
        accumulate_row(step, next, gathered, gram);
        const double diagonal =
            step.weigh_by_count ? step.lambda * static_cast<double>(count) : step.lambda;
        pack(gram, step.rank, step.stride, diagonal, filled, packed);
        rows[filled++] = next;
      }
    }
    if (filled == 0) {
      return;
    }
    // Lanes left over repeat the last system, so that no lane divides by zero.
    for (std::size_t lane = filled; lane < kLanes; ++lane) {
      for (std::size_t k = 0; k < packed_row(step.rank, step.rank); ++k) {
        packed[k * kLanes + lane] = packed[k * kLanes + filled - 1];
      }
    }
    solve_packed(packed, step.rank, solution);
    for (std::size_t lane = 0; lane < filled; ++lane) {
      double* target = step.solved + rows[lane] * step.stride;
      for (std::size_t i = 0; i < step.rank; ++i) {
        target[i] = solution[i * kLanes + lane];
      }
    }
  }
}

}  // namespace

const AlsKernels& table() {
  static constexpr AlsKernels kKernels = {workspace_size, solve_rows};
  return kKernels;
}

}  // namespace balse::BALSE_KERNEL_NAMESPACE
