#pragma once

#include "balse/tagging/network.hpp"

namespace balse {

/// Sets LibTorch and the allocator up for inference in this process. To be called before the first
/// forward pass. Throws Error(usage) where the device or the precision is not to be had here.
void prepare_runtime(const NetworkOptions& options);

/// Inference::warm_up(): runs a network of no use.
void warm_up_runtime(const NetworkOptions& options);

}  // namespace balse
