#pragma once

#include <memory>
#include <string>

#include "balse/tagging/network.hpp"

namespace balse {

/// Inference::torchscript().
std::unique_ptr<Network> make_torchscript_network(const std::string& path, const InputSpec& input,
                                                  Activation activation,
                                                  const NetworkOptions& options);

}  // namespace balse
