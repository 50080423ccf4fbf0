#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "balse/tagging/image.hpp"

namespace balse {

enum class ChannelOrder { bgr, rgb };
/// A plane of height x width for each channel, or the channels of a pixel beside each other.
enum class Layout { nchw, nhwc };
/// points: between the nearest pixels, as Illustration2Vec's authors do. The others are Pillow's
/// (Image.resize()): an output pixel is a mean of all that it covers, in whole gray levels.
enum class Resampling { points, bilinear, bicubic, lanczos };
/// What becomes of the aspect ratio. pad: the picture is put into the middle of a square, which is
/// resized (WD, JoyTag). letterbox: it is resized so that it fits, then put into the middle
/// (camie).
enum class Fit { stretch, pad, letterbox };

/// What a network wants to see. The defaults are Illustration2Vec's.
struct InputSpec {
  std::size_t width = 224;
  std::size_t height = 224;
  ChannelOrder order = ChannelOrder::bgr;
  /// In gray levels (0 .. 255), by channel in `order`: (value - mean) / deviation.
  std::array<float, 3> mean = {164.76139251F, 167.47864617F, 181.13838569F};
  std::array<float, 3> deviation = {1.0F, 1.0F, 1.0F};
  Layout layout = Layout::nchw;
  Resampling resampling = Resampling::points;
  Fit fit = Fit::stretch;                                ///< points: stretch
  std::array<std::uint8_t, 3> border = {255, 255, 255};  ///< of pad and letterbox; red, green, blue

  std::size_t values() const { return 3 * width * height; }
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// Writes `image` as a network's input, spec.values() floats in spec.layout.
/// Resampling::points: bilinear with half-pixel centres and without anti-aliasing, edges repeated,
/// aspect ratio not kept, as Illustration2Vec's authors resize (skimage.transform.resize, order 1);
/// 16-bit samples keep their fractions of a gray level. Others: of 16 bits the upper 8 are taken.
void prepare_input(const Image& image, const InputSpec& spec, std::span<float> input);

}  // namespace balse
