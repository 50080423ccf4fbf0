#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// A layer of the Illustration2Vec tagger (Saito and Matsui 2015; the authors' model ver200): a 3 x
/// 3 convolution with padding 1, then ReLU (but for the last), then perhaps 2 x 2 max pooling with
/// stride 2. After the last comes average pooling over the 7 x 7 that is left, and a sigmoid.
struct Illustration2VecLayer {
  std::string_view name;  ///< of the layer in Caffe files
  bool pool_after;
};

inline constexpr std::array<Illustration2VecLayer, 12> kIllustration2VecLayers = {{
    {"conv1_1", true},
    {"conv2_1", true},
    {"conv3_1", false},
    {"conv3_2", true},
    {"conv4_1", false},
    {"conv4_2", true},
    {"conv5_1", false},
    {"conv5_2", true},
    {"conv6_1", false},
    {"conv6_2", false},
    {"conv6_3", false},
    {"conv6_4", false},
}};

/// The trained numbers of one such layer.
struct ConvolutionWeights {
  std::uint32_t outputs = 0;
  std::uint32_t inputs = 0;
  std::vector<float> weights;  ///< outputs x inputs x 3 x 3
  std::vector<float> biases;   ///< outputs
};

/// A tagger of this topology; the published widths are 64 to 1024, but any do.
struct Illustration2VecWeights {
  std::vector<ConvolutionWeights> layers;  ///< in the order of kIllustration2VecLayers

  std::size_t outputs() const { return layers.empty() ? 0 : layers.back().outputs; }
  std::size_t parameters() const;
  /// Empty, or what does not fit together: a wrong number of layers, widths that do not continue
  /// each other, vectors of another size, numbers that are not finite.
  std::string validate() const;
};

}  // namespace balse
