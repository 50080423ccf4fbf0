#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "raster.hpp"

namespace balse {

/// A Windows or OS/2 bitmap, by code of our own: OpenCV 4.6 reads some of them with other colours,
/// and no library for them is at hand.
Raster decode_bmp(std::span<const std::byte> file, std::uint64_t max_pixels);

}  // namespace balse
