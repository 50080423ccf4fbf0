#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "raster.hpp"

namespace balse {

/// An AVIF or HEIC by libheif, the picture that the file names as its first: turned and cropped as
/// it says, since these formats, unlike EXIF in a JPEG, make that a part of the picture.
Raster decode_heif(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options);

}  // namespace balse
