#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "balse/tagging/image.hpp"

namespace balse {

enum class ChannelOrder { bgr, rgb };

/// What a network wants to see. The defaults are Illustration2Vec's.
struct InputSpec {
  std::size_t width = 224;
  std::size_t height = 224;
  ChannelOrder order = ChannelOrder::bgr;
  /// In gray levels (0 .. 255), by channel in `order`: (value - mean) / deviation.
  std::array<float, 3> mean = {164.76139251F, 167.47864617F, 181.13838569F};
  std::array<float, 3> deviation = {1.0F, 1.0F, 1.0F};

  std::size_t values() const { return 3 * width * height; }
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// Writes `image` as a network's input, spec.values() floats: a plane of height x width for each
/// channel. Bilinear with half-pixel centres and without anti-aliasing, edges repeated, aspect
/// ratio not kept, as Illustration2Vec's authors resize (skimage.transform.resize, order 1); 16-bit
/// samples keep their fractions of a gray level.
void prepare_input(const Image& image, const InputSpec& spec, std::span<float> planes);

}  // namespace balse
