#define BALSE_KERNEL_NAMESPACE tile_baseline

#include "model/kernels/tile_kernels.hpp"
#include "model/kernels/tile_kernels.inl"
