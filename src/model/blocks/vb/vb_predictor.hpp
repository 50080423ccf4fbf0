#pragma once

#include <memory>

#include "balse/model/block.hpp"

#include "model/blocks/vb/vb_block.hpp"

namespace balse {

/// What fitted parameters of variational Bayes predict. What `data` views must outlive it.
std::unique_ptr<Block> make_vb_predictor(const VbArrays& arrays, const Parameters& parameters,
                                         const ModelData& data);

}  // namespace balse
