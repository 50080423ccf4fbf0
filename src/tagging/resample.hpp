#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/tagging/preprocessing.hpp"

namespace balse {

/// Rows of 3 bytes a pixel, from the top.
struct Pixels {
  std::size_t width = 0;
  std::size_t height = 0;
  std::vector<std::uint8_t> bytes;
};

/// A picture of 3 bytes a pixel somewhere in a larger one of a colour, which nobody has made.
struct Framed {
  std::span<const std::uint8_t> picture;
  std::size_t picture_width = 0;
  std::size_t picture_height = 0;
  std::size_t width = 0;  ///< of the whole
  std::size_t height = 0;
  std::size_t left = 0;  ///< where in it the picture begins
  std::size_t top = 0;
  std::array<std::uint8_t, 3> colour = {};
};

/// `from` as width x height pixels: a filter's weighted mean of all pixels that an output pixel
/// covers, across and then down, each rounded to bytes, with the very integers of Pillow's
/// Image.resize(). Not for Resampling::points. The same size is a copy.
Pixels resample(const Framed& from, std::size_t width, std::size_t height, Resampling filter);

/// Puts a picture of 3 bytes a pixel with its upper left corner at (left, top) of a new one of
/// `colour`, which has room for it.
Pixels place(std::span<const std::uint8_t> picture, std::size_t picture_width,
             std::size_t picture_height, std::size_t width, std::size_t height, std::size_t left,
             std::size_t top, const std::array<std::uint8_t, 3>& colour);

}  // namespace balse
