#include "model/kernels/tile_kernels.hpp"

namespace balse {

namespace tile_baseline {
const TileKernels& table();
}
namespace tile_avx2 {
const TileKernels& table();
}

const TileKernels& tile_kernels(InstructionSet set) {
  return set == InstructionSet::avx2 ? tile_avx2::table() : tile_baseline::table();
}

}  // namespace balse
