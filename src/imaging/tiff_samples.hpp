#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "tiff_file.hpp"

namespace balse {

/// How the samples of a TIFF lie in it.
struct TiffLayout {
  std::size_t width = 0;
  std::size_t height = 0;
  unsigned bits = 0;        ///< a sample: 1 to 16
  std::size_t samples = 0;  ///< a pixel has
  std::size_t wanted = 0;   ///< so many of them, the first ones
  bool separate = false;    ///< a picture for each sample
};

/// height x width x wanted samples, rows in the order of the file, in tiles or not. Throws
/// Error(bad_data) where one cannot be read; the caller has checked the size.
std::vector<std::uint16_t> read_tiff_samples(const TiffFile& file, const TiffLayout& layout,
                                             std::uint64_t max_pixels);

}  // namespace balse
