#define BALSE_KERNEL_NAMESPACE tile_avx2

#include "model/kernels/tile_kernels.hpp"
#include "model/kernels/tile_kernels.inl"
