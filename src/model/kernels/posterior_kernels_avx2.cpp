#define BALSE_KERNEL_NAMESPACE posterior_avx2

#include "model/kernels/posterior_kernels.hpp"
#include "model/kernels/posterior_kernels.inl"
