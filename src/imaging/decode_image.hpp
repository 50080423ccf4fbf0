#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "balse/tagging/image.hpp"
#include "balse/tagging/imaging.hpp"

namespace balse {

/// Imaging::decode().
Image decode_image(std::span<const std::byte> file, std::uint64_t max_pixels,
                   const DecodeOptions& options);

}  // namespace balse
