#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "raster.hpp"

namespace balse {

inline constexpr std::string_view kTiffMagics[] = {
    {"II*\0", 4}, {"MM\0*", 4}, {"II+\0", 4}, {"MM\0+", 4}};

/// The first picture of a TIFF by libtiff itself, the same that OpenCV uses: OpenCV takes some of
/// them for what they are not. Gray, palettes, red, green and blue, and inks of 1 to 16 bits.
/// Samples whose range nobody says, and colours of other kinds, are refused.
Raster decode_tiff(std::span<const std::byte> file, std::uint64_t max_pixels);

}  // namespace balse
