#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace balse {

/// A decoded picture: height x width x 3 samples, rows from the top, in the order blue, green, red.
/// Samples are bytes, or native 16-bit words where the file has more than 8 bits a channel.
struct Image {
  std::size_t width = 0;
  std::size_t height = 0;
  std::size_t sample_bytes = 1;  ///< 1 or 2
  std::vector<std::uint8_t> bytes;
};

}  // namespace balse
