#define BALSE_KERNEL_NAMESPACE als_avx2
#define BALSE_KERNEL_LANES 4

#include "model/kernels/als_kernels.hpp"
#include "model/kernels/als_kernels.inl"
