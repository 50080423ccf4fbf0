#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "raster.hpp"

namespace balse {

/// A JPEG by libjpeg itself, the same that OpenCV uses: OpenCV neither says that a file is cut
/// short nor keeps libjpeg from writing warnings to standard error. A file that lacks nothing but
/// its end marker is whole.
Raster decode_jpeg(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options);

}  // namespace balse
