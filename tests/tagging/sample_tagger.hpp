#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "balse/support/random.hpp"
#include "balse/tagging/illustration2vec.hpp"
#include "balse/tagging/image.hpp"

namespace balse::test {

/// A tagger of random numbers, `width` channels wide, scaled so that what an image shows is neither
/// lost on the way nor saturates the outputs.
inline Illustration2VecWeights sample_tagger(std::uint32_t width, std::uint32_t outputs,
                                             std::uint64_t seed = 1) {
  Random random(seed);
  Illustration2VecWeights tagger;
  std::uint32_t inputs = 3;
  for (std::size_t k = 0; k < kIllustration2VecLayers.size(); ++k) {
    ConvolutionWeights& layer = tagger.layers.emplace_back();
    layer.outputs = k + 1 == kIllustration2VecLayers.size() ? outputs : width;
    layer.inputs = inputs;
    // He et al. 2015: the variance stays; gray levels are about 60 off their mean.
    const double scale = std::sqrt(2.0 / (9.0 * inputs)) / (k == 0 ? 60.0 : 1.0);
    for (std::uint32_t n = 0; n < 9 * layer.outputs * layer.inputs; ++n) {
      layer.weights.push_back(static_cast<float>(scale * random.normal()));
    }
    for (std::uint32_t n = 0; n < layer.outputs; ++n) {
      layer.biases.push_back(static_cast<float>(0.2 * random.normal()));
    }
    inputs = layer.outputs;
  }
  return tagger;
}

/// Whether two taggers have the same numbers, bit for bit where none is NaN.
inline bool same_weights(const Illustration2VecWeights& a, const Illustration2VecWeights& b) {
  if (a.layers.size() != b.layers.size()) {
    return false;
  }
  for (std::size_t k = 0; k < a.layers.size(); ++k) {
    if (a.layers[k].outputs != b.layers[k].outputs || a.layers[k].inputs != b.layers[k].inputs ||
        a.layers[k].weights != b.layers[k].weights || a.layers[k].biases != b.layers[k].biases) {
      return false;
    }
  }
  return true;
}

/// A picture of noise.
inline Image random_image(std::size_t width, std::size_t height, std::size_t sample_bytes,
                          std::uint64_t seed = 1) {
  Random random(seed);
  Image image{.width = width, .height = height, .sample_bytes = sample_bytes, .bytes = {}};
  image.bytes.resize(width * height * 3 * sample_bytes);
  for (std::uint8_t& byte : image.bytes) {
    byte = static_cast<std::uint8_t>(random.below(256));
  }
  return image;
}

}  // namespace balse::test
