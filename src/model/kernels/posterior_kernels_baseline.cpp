#define BALSE_KERNEL_NAMESPACE posterior_baseline

#include "model/kernels/posterior_kernels.hpp"
#include "model/kernels/posterior_kernels.inl"
