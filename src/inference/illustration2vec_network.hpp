#pragma once

#include <memory>

#include "balse/tagging/network.hpp"

namespace balse {

/// Inference::illustration2vec().
std::unique_ptr<Network> make_illustration2vec_network(Illustration2VecWeights weights,
                                                       const NetworkOptions& options);

}  // namespace balse
