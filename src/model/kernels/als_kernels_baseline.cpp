#define BALSE_KERNEL_NAMESPACE als_baseline
#define BALSE_KERNEL_LANES 2  // SSE2, which every x86-64 has

#include "model/kernels/als_kernels.hpp"
#include "model/kernels/als_kernels.inl"
