#include <cstdint>
#include <string>
#include <vector>

#include <zlib.h>

#include "report/sample_results.hpp"

namespace balse::test {
namespace {

void append_big_endian(std::string& out, std::uint32_t value) {
  for (int shift = 24; shift >= 0; shift -= 8) {
    out += static_cast<char>(value >> shift & 255U);
  }
}

void append_chunk(std::string& out, const std::string& type, const std::string& content) {
  append_big_endian(out, static_cast<std::uint32_t>(content.size()));
  const std::string body = type + content;
  out += body;
  append_big_endian(
      out, static_cast<std::uint32_t>(::crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                              static_cast<uInt>(body.size()))));
}

/// A PNG of a gradient.
std::string small_picture(int red) {
  constexpr std::uint32_t kWidth = 120;
  constexpr std::uint32_t kHeight = 170;
  std::string rows;
  for (std::uint32_t y = 0; y < kHeight; ++y) {
    rows += '\0';
    for (std::uint32_t x = 0; x < kWidth; ++x) {
      rows += static_cast<char>(red);
      rows += static_cast<char>(x * 2);
      rows += static_cast<char>(y);
    }
  }
  uLongf size = ::compressBound(static_cast<uLong>(rows.size()));
  std::string packed(size, '\0');
  ::compress(reinterpret_cast<Bytef*>(packed.data()), &size,
             reinterpret_cast<const Bytef*>(rows.data()), static_cast<uLong>(rows.size()));
  packed.resize(size);
  std::string header;
  append_big_endian(header, kWidth);
  append_big_endian(header, kHeight);
  header += std::string("\x08\x02\x00\x00\x00", 5);
  std::string out = "\x89PNG\r\n\x1a\n";
  append_chunk(out, "IHDR", header);
  append_chunk(out, "IDAT", packed);
  append_chunk(out, "IEND", "");
  return out;
}

}  // namespace

std::vector<PosterWithTags> sample_posters() {
  return {{.item = "17",
           .title = "Wolkenburg: The Clockwork \"Umbrella\" <3",
           .mime_type = "image/png",
           .bytes = small_picture(60),
           .tags = {{"1girl", 0.98}, {"starry sky", 0.83}, {"<b>sword</b>", 0.41}}},
          {.item = "18",
           .mime_type = "image/png",
           .bytes = small_picture(200),
           .tags = {{"robot", 0.93}, {"an unusually long tag of many words", 0.38}}},
          {.item = "19", .title = "アニメ", .mime_type = "image/png", .bytes = small_picture(120)}};
}

}  // namespace balse::test
