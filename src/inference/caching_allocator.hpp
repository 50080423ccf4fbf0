#pragma once

namespace balse {

/// Has LibTorch (and its oneDNN) keep the blocks it gives back and take them again: the layers'
/// outputs are so large that malloc would give them back to the kernel after each layer and get
/// them again page by page, half of the run time. What is kept is bounded.
void cache_tensor_memory();

}  // namespace balse
