#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace balse {

inline constexpr std::string_view kPngSignature = "\x89PNG\r\n\x1a\n";

struct PngFile {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  std::vector<std::byte> bytes;
};

/// The chunks of a PNG file that make the picture (IHDR, PLTE, IDAT, IEND), checked: all there, and
/// each as its checksum says. The others (colour profiles, gamma, texts, further frames) must not
/// change what is read, and libpng complains of many on standard error, where nobody can stop it.
/// Throws Error(bad_data) for a broken or truncated file.
PngFile critical_chunks(std::span<const std::byte> file);

}  // namespace balse
