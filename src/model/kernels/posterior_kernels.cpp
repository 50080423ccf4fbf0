#include "model/kernels/posterior_kernels.hpp"

namespace balse {

namespace posterior_baseline {
const PosteriorKernels& table();
}
namespace posterior_avx2 {
const PosteriorKernels& table();
}

const PosteriorKernels& posterior_kernels(InstructionSet set) {
  return set == InstructionSet::avx2 ? posterior_avx2::table() : posterior_baseline::table();
}

}  // namespace balse
