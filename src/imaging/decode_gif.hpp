#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "raster.hpp"

namespace balse {

/// The first picture of a GIF by giflib, at its place on the screen that the file declares, as
/// Pillow shows it: what it leaves free is transparent if any colour of it is, else the palette's
/// first colour.
Raster decode_gif(std::span<const std::byte> file, std::uint64_t max_pixels,
                  const DecodeOptions& options);

}  // namespace balse
