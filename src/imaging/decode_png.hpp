#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "raster.hpp"

namespace balse {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

/// A PNG by libpng itself, the same that OpenCV uses: OpenCV does not keep libpng from writing to
/// standard error, nor colour profiles that libpng dislikes from being looked at. Of an animation
/// the picture that every program shows.
Raster decode_png(std::span<const std::byte> file, std::uint64_t max_pixels,
                  const DecodeOptions& options);

}  // namespace balse
