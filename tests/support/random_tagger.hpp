#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/support/random.hpp"
#include "balse/tagging/illustration2vec.hpp"

namespace balse::test {

using Widths = std::array<std::uint32_t, kIllustration2VecLayers.size()>;

/// As published.
inline constexpr Widths kFullWidths = {64,  128, 256,  256,  512,  512,
                                       512, 512, 1024, 1024, 1024, 1539};

/// A tagger of random weights whose layers keep the size of what goes through them, and whose
/// probabilities are spread over 0 to 1.
inline Illustration2VecWeights random_tagger(const Widths& widths, std::uint64_t seed = 1) {
  Random random(seed);
  const auto fill = [&](std::vector<float>& values, std::size_t size, double scale) {
    values.resize(size);
    for (float& value : values) {
      value = static_cast<float>(scale * (2.0 * random.uniform() - 1.0));
    }
  };
  Illustration2VecWeights weights;
  std::uint32_t inputs = 3;
  for (std::size_t k = 0; k < widths.size(); ++k) {
    const bool first = k == 0;
    const bool last = k + 1 == widths.size();
    ConvolutionWeights& layer = weights.layers.emplace_back();
    layer.outputs = widths[k];
    layer.inputs = inputs;
    // He initialisation; a uniform number on -1 .. 1 has the variance 1/3.
    double scale = std::sqrt(2.0 * 3.0 / (9.0 * inputs));
    scale *= first ? 1.0 / 80.0 : 1.0;  // the pictures' gray levels
    scale *= last ? 4.0 : 1.0;
    fill(layer.weights, std::size_t{9} * layer.outputs * layer.inputs, scale);
    fill(layer.biases, layer.outputs, last ? 2.0 : 0.1);
    inputs = layer.outputs;
  }
  return weights;
}

}  // namespace balse::test
