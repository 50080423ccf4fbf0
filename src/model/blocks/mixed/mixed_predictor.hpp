#pragma once

#include <memory>

#include "balse/model/block.hpp"

#include "model/blocks/mixed/mixed_block.hpp"

namespace balse {

/// What fitted parameters of mixed-effects regression predict. What `data` views must outlive it.
std::unique_ptr<Block> make_mixed_predictor(const MixedVariant& variant,
                                            const Parameters& parameters, const ModelData& data);

}  // namespace balse
