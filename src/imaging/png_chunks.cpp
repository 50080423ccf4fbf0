#include "png_chunks.hpp"

#include <string>

#include <zlib.h>

#include "image_file.hpp"

namespace balse {
namespace {

std::uint32_t big_endian(std::span<const std::byte> bytes) {
  std::uint32_t value = 0;
  for (std::size_t k = 0; k < 4; ++k) {
    value = value << 8 | std::to_integer<std::uint32_t>(bytes[k]);
  }
  return value;
}

}  // namespace

PngFile critical_chunks(std::span<const std::byte> file) {
  constexpr std::size_t kAround = 12;  // length, type, checksum
  PngFile png;
  png.bytes.reserve(file.size());
  std::span<const std::byte> rest = file.subspan(kPngSignature.size());
  png.bytes.assign(file.begin(), file.end() - static_cast<std::ptrdiff_t>(rest.size()));
  while (true) {
    if (rest.size() < kAround || rest.size() - kAround < big_endian(rest)) {
      fail_image("a PNG that ends early");
    }
    const std::size_t length = big_endian(rest);
    const std::span<const std::byte> chunk = rest.first(kAround + length);
    const std::string type(reinterpret_cast<const char*>(chunk.data()) + 4, 4);
    rest = rest.subspan(chunk.size());
    if (type != "IHDR" && type != "PLTE" && type != "IDAT" && type != "IEND") {
      continue;
    }
    const uLong checksum =
        ::crc32(0, reinterpret_cast<const Bytef*>(chunk.data()) + 4, static_cast<uInt>(length + 4));
    if (checksum != big_endian(chunk.last(4))) {
      fail_image("a broken PNG: its " + type + " chunk does not match its checksum");
    }
    if (type == "IHDR" && length >= 8) {
      png.width = big_endian(chunk.subspan(8));
      png.height = big_endian(chunk.subspan(12));
    }
    png.bytes.insert(png.bytes.end(), chunk.begin(), chunk.end());
    if (type == "IEND") {
      return png;
    }
  }
}

}  // namespace balse
