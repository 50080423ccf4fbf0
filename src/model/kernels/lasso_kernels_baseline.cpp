#define BALSE_LASSO_TABLE lasso_kernels_baseline
#include "model/kernels/lasso_kernels.inl"

namespace balse {

const LassoKernels& lasso_kernels(InstructionSet set) {
#if defined(__x86_64__)
  if (set == InstructionSet::avx2) {
    return lasso_kernels_avx2();
  }
#endif
  (void)set;
  return lasso_kernels_baseline();
}

}  // namespace balse
