#include "model/kernels/als_kernels.hpp"

namespace balse {

namespace als_baseline {
const AlsKernels& table();
}
namespace als_avx2 {
const AlsKernels& table();
}

const AlsKernels& als_kernels(InstructionSet set) {
  return set == InstructionSet::avx2 ? als_avx2::table() : als_baseline::table();
}

}  // namespace balse
