#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "balse/tagging/image.hpp"
#include "balse/tagging/imaging.hpp"

namespace balse {

/// A decoded picture that may still be transparent: height x width x channels samples, rows from
/// the top, in the order blue, green, red and, where there are four channels, opacity.
struct Raster {
  /// Makes room for all samples, each byte `filling`.
  void allocate(std::size_t columns, std::size_t rows, std::size_t channel_count,
                std::uint8_t filling = 0);
  std::size_t row_bytes() const { return width * channels * sample_bytes; }
  std::uint8_t* row(std::size_t y) { return bytes.data() + y * row_bytes(); }

  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t channels = 3;      ///< 3 or 4
  std::size_t sample_bytes = 1;  ///< 1 or 2, native words
  std::vector<std::uint8_t> bytes;
};

/// What is missing of a picture that ends early.
inline constexpr std::uint8_t kMissingGray = 128;
/// The same where there is opacity as well: opaque.
void fill_missing(Raster& raster, std::size_t first_row);

/// Three channels, in the memory of the raster: alpha and eight_bits as `options` says.
Image flattened(Raster raster, const DecodeOptions& options);

}  // namespace balse
