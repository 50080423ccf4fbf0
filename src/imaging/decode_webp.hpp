#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "raster.hpp"

namespace balse {

/// A WebP by libwebp itself, the same that OpenCV uses: OpenCV 4.6 does not read animations.
Raster decode_webp(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options);

}  // namespace balse
