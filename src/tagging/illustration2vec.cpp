#include "balse/tagging/illustration2vec.hpp"

#include <algorithm>
#include <cmath>

namespace balse {
namespace {

bool all_finite(const std::vector<float>& values) {
  // Multiplying by 0 leaves 0 of what is finite and NaN of what is not, without a branch each.
  float sum = 0.0F;
  for (const float value : values) {
    sum += value * 0.0F;
  }
  return sum == 0.0F;
}

}  // namespace

std::size_t Illustration2VecWeights::parameters() const {
  std::size_t count = 0;
  for (const ConvolutionWeights& layer : layers) {
    count += layer.weights.size() + layer.biases.size();
  }
  return count;
}

std::string Illustration2VecWeights::validate() const {
  if (layers.size() != kIllustration2VecLayers.size()) {
    return std::to_string(layers.size()) + " layers";
  }
  std::uint32_t inputs = 3;
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const ConvolutionWeights& layer = layers[k];
    const std::string name(kIllustration2VecLayers[k].name);
    if (layer.inputs != inputs) {
      return "layer " + name + " with " + std::to_string(layer.inputs) + " input channels after " +
             std::to_string(inputs);
    }
    if (layer.outputs == 0 ||
        layer.weights.size() != std::size_t{9} * layer.outputs * layer.inputs ||
        layer.biases.size() != layer.outputs) {
      return "layer " + name + " with " + std::to_string(layer.weights.size()) + " weights and " +
             std::to_string(layer.biases.size()) + " biases for " + std::to_string(layer.outputs) +
             " x " + std::to_string(layer.inputs) + " channels";
    }
    if (!all_finite(layer.weights) || !all_finite(layer.biases)) {
      return "layer " + name + " with numbers that are not finite";
    }
    inputs = layer.outputs;
  }
  return {};
}

}  // namespace balse
