#pragma once

#include <cstddef>

#include "model/kernels/instruction_set.hpp"

namespace balse {

/// What inverting one large matrix spends its time in: products of square tiles. A tile is kSide x
/// kSide numbers of single precision, row-major, aligned to 32 bytes.
struct TileKernels {
  static constexpr std::size_t kSide = 96;  ///< three tiles are 108 KB: they stay in a core's cache
  static constexpr std::size_t kSize = kSide * kSide;

  /// c += a' b; c is neither a nor b.
  void (*add_product)(const float* a, const float* b, float* c);
};

const TileKernels& tile_kernels(InstructionSet set);

}  // namespace balse
