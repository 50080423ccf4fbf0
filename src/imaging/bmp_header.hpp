#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace balse {

/// What a Windows or OS/2 bitmap says of itself.
struct BmpHeader {
  std::size_t width = 0;
  std::size_t height = 0;
  bool bottom_up = true;
  unsigned bits = 0;  ///< a pixel: 1, 2, 4, 8, 16, 24 or 32
  bool runs = false;  ///< RLE4 or RLE8
  /// Of pixels of 16 and 32 bits: where blue, green, red and opacity are; 0 where there is none.
  std::array<std::uint32_t, 4> masks = {};
  /// Blue, green, red, of 8 bits or less. What the file lacks of it is gray, as in Pillow.
  std::array<std::array<std::uint8_t, 3>, 256> palette = {};
  std::size_t pixels = 0;  ///< where they begin in the file
};

/// Reads a header of any age. Throws Error(bad_data) for what is none, and for compressions that
/// are no bitmap's own.
BmpHeader read_bmp_header(std::span<const std::byte> file);

}  // namespace balse
