// Bitmaps of all ages, written byte by byte: what their fields say, and what Pillow makes of those
// that it reads.

#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/tagging/imaging.hpp"

#include "imaging/image_files.hpp"
#include "imaging/pillow.hpp"
#include "support/captured_stderr.hpp"
#include "support/errors.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using namespace std::string_literals;

namespace bmp_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

std::string little_endian(std::int64_t value, int bytes) {
  std::string text;
  for (int k = 0; k < bytes; ++k) {
    text += static_cast<char>(value >> (8 * k));
  }
  return text;
}

struct Bitmap {
  int width = 0;
  int height = 0;  ///< negative: from the top
  int bits = 0;
  int compression = 0;
  std::string masks = {};    ///< behind the header
  std::string palette = {};  ///< of entries of four bytes, of three in OS/2's
  std::string pixels = {};
  std::size_t header_bytes = 40;
};

std::string bmp_of(const Bitmap& bitmap) {
  std::string header = little_endian(static_cast<std::int64_t>(bitmap.header_bytes), 4);
  if (bitmap.header_bytes == 12) {
    header += little_endian(bitmap.width, 2) + little_endian(bitmap.height, 2) + "\1\0"s +
              little_endian(bitmap.bits, 2);
  } else {
    const auto colors = static_cast<std::int64_t>(bitmap.palette.size() / 4);
    header += little_endian(bitmap.width, 4) + little_endian(bitmap.height, 4) + "\1\0"s +
              little_endian(bitmap.bits, 2) + little_endian(bitmap.compression, 4) +
              std::string(12, '\0') + little_endian(colors, 4) + std::string(4, '\0');
  }
  header += bitmap.masks;
  const std::size_t end = 14 + std::max(bitmap.header_bytes, header.size());
  header.resize(end - 14, '\0');
  const std::size_t pixels = end + bitmap.palette.size();
  return "BM" + little_endian(static_cast<std::int64_t>(pixels + bitmap.pixels.size()), 4) +
         std::string(4, '\0') + little_endian(static_cast<std::int64_t>(pixels), 4) + header +
         bitmap.palette + bitmap.pixels;
}

const std::string kPalette("\0\1\2\0\x10\x11\x12\0\x20\x21\x22\0\x30\x31\x32\0", 16);

/// Masks of red, green, blue and more.
std::string masks(const std::vector<std::uint32_t>& words) {
  std::string text;
  for (const std::uint32_t word : words) {
    text += little_endian(word, 4);
  }
  return text;
}

struct BmpCase {
  std::string name;
  Bitmap bitmap;
  Bytes expected;      ///< blue, green and red of each pixel
  bool pillow = true;  ///< it reads it, and as the format says
};

std::vector<BmpCase> cases() {
  const Bytes zero = {0, 1, 2};
  const Bytes one = {0x10, 0x11, 0x12};
  const Bytes two = {0x20, 0x21, 0x22};
  const Bytes three = {0x30, 0x31, 0x32};
  const auto joined = [](const std::vector<Bytes>& pixels) {
    Bytes all;
    for (const Bytes& pixel : pixels) {
      all.insert(all.end(), pixel.begin(), pixel.end());
    }
    return all;
  };
  const std::string small = kPalette.substr(0, 8);
  std::string large = kPalette;
  large.resize(64, '\0');
  return {
      {"1 bit, from the bottom",
       {.width = 3, .height = 2, .bits = 1, .palette = small, .pixels = "\x40\0\0\0\xa0\0\0\0"s},
       joined({one, zero, one, zero, one, zero})},
      {"1 bit, from the top",
       {.width = 3, .height = -2, .bits = 1, .palette = small, .pixels = "\x40\0\0\0\xa0\0\0\0"s},
       joined({zero, one, zero, one, zero, one})},
      {"2 bits",
       {.width = 4, .height = 1, .bits = 2, .palette = kPalette, .pixels = "\x1b\0\0\0"s},
       joined({zero, one, two, three}),
       false},
      {"4 bits",
       {.width = 3, .height = 1, .bits = 4, .palette = large, .pixels = "\x12\x30\0\0"s},
       joined({one, two, three})},
      {"8 bits, few colours",
       {.width = 3, .height = 1, .bits = 8, .palette = kPalette, .pixels = "\3\2\1\0"s},
       joined({three, two, one})},
      {"OS/2, palette of three bytes",
       {.width = 2,
        .height = 1,
        .bits = 1,
        .palette = "\0\1\2\x10\x11\x12"s,
        .pixels = "\x40\0\0\0"s,
        .header_bytes = 12},
       joined({zero, one})},
      {"16 bits, 5 5 5",
       {.width = 2, .height = 1, .bits = 16, .pixels = "\x1f\x7c\x10\x02"s},
       {255, 0, 255, 131, 131, 0}},
      {"16 bits, 5 6 5",
       {.width = 2,
        .height = 1,
        .bits = 16,
        .compression = 3,
        .masks = masks({0xf800, 0x7e0, 0x1f}),
        .pixels = "\x1f\xf8\x10\x04"s},
       {255, 0, 255, 131, 129, 0}},
      {"16 bits, 4 4 4",
       {.width = 1,
        .height = 1,
        .bits = 16,
        .compression = 3,
        .masks = masks({0xf00, 0xf0, 0xf}),
        .pixels = "\x8f\x03\0\0"s},
       {255, 136, 51},
       false},
      {"32 bits whose fourth byte says nothing",
       {.width = 1, .height = 1, .bits = 32, .pixels = "\x0a\x14\x1e\x80"s},
       {10, 20, 30}},
      {"32 bits, red first",
       {.width = 1,
        .height = 1,
        .bits = 32,
        .compression = 3,
        .masks = masks({0xff000000, 0xff0000, 0xff00}),
        .pixels = "\0\x0a\x14\x1e"s},
       {10, 20, 30}},
      {"32 bits, 10 10 10",
       {.width = 1,
        .height = 1,
        .bits = 32,
        .compression = 3,
        .masks = masks({0x3ff00000, 0xffc00, 0x3ff}),
        .pixels = "\xff\x03\x08\x20"s},
       {255, 127, 127},
       false},
      {"runs of 8 bits",
       {.width = 4,
        .height = 2,
        .bits = 8,
        .compression = 1,
        .palette = kPalette,
        .pixels = "\4\1\0\0\0\3\3\2\1\0\1\3\0\1"s},
       joined({three, two, one, three, one, one, one, one})},
      {"runs of 4 bits",
       {.width = 5,
        .height = 2,
        .bits = 4,
        .compression = 2,
        .palette = large,
        .pixels = "\5\x12\0\0\0\4\x32\x10\1\x30\0\1"s},
       joined({three, two, one, zero, three, one, two, one, two, one})},
      {"an odd number of single pixels of 4 bits",
       {.width = 5,
        .height = 1,
        .bits = 4,
        .compression = 2,
        .palette = large,
        .pixels = "\0\5\x32\x13\x20\0\0\1"s},
       joined({three, two, one, three, two}),
       false},
      {"runs that skip and are too long",
       {.width = 3,
        .height = 3,
        .bits = 8,
        .compression = 1,
        .palette = kPalette,
        .pixels = "\1\3\0\2\1\1\7\2\0\0\1\1\0\1"s},
       joined({one, zero, zero, zero, zero, two, three, zero, zero}),
       false},
      {"an index beyond the palette",
       {.width = 2, .height = 1, .bits = 8, .palette = kPalette, .pixels = "\1\x80\0\0"s},
       joined({one, {0x80, 0x80, 0x80}})},
  };
}

}  // namespace

TEST_CASE("bitmaps of all kinds have the colours that their fields say", "[decode]") {
  for (const BmpCase& one : cases()) {
    INFO(one.name);
    const Image image = imaging().decode(bytes_of(bmp_of(one.bitmap)));
    CHECK(image.width == static_cast<std::size_t>(one.bitmap.width));
    CHECK(image.height == static_cast<std::size_t>(std::abs(one.bitmap.height)));
    CHECK(image.bytes == one.expected);
  }
}

TEST_CASE("a bitmap's opacity is where its header says", "[decode]") {
  const Bitmap bitmap{.width = 2,
                      .height = 1,
                      .bits = 32,
                      .compression = 3,
                      .masks = masks({0xff, 0xff00, 0xff0000, 0xff000000}),
                      .pixels = "\x0a\x14\x1e\0\x0a\x14\x1e\x80"s,
                      .header_bytes = 108};
  const std::string file = bmp_of(bitmap);
  CHECK(imaging().decode(bytes_of(file)).bytes == Bytes{30, 20, 10, 30, 20, 10});
  // 30 * 128 / 255 + 127 = 142.06 and so on.
  CHECK(imaging().decode(bytes_of(file), {.alpha = Alpha::over_white}).bytes ==
        Bytes{255, 255, 255, 142, 137, 132});
}

TEST_CASE("bitmaps are what Pillow makes of them", "[decode]") {
  if (!has_pillow()) {
    return;
  }
  std::vector<std::pair<std::string, std::string>> files;
  for (const BmpCase& one : cases()) {
    if (one.pillow) {
      files.emplace_back(one.name, bmp_of(one.bitmap));
    }
  }
  const std::vector<Image> expected = decoded_by_pillow(files, false);
  for (std::size_t k = 0; k < files.size(); ++k) {
    INFO(files[k].first);
    CHECK(imaging().decode(bytes_of(files[k].second)).bytes == expected[k].bytes);
  }
}

TEST_CASE("bitmaps that are cut short, broken or of other compressions are refused", "[decode]") {
  const auto refusal = [](const std::string& file) {
    const CapturedStderr captured;
    return std::string(error_of([&] { imaging().decode(bytes_of(file)); }).what());
  };
  const Bitmap plain{.width = 2, .height = 2, .bits = 24, .pixels = std::string(16, 'x')};
  const std::string file = bmp_of(plain);
  CHECK(imaging().decode(bytes_of(file.substr(0, file.size() - 2))).width == 2);  // padding
  for (std::size_t size = 2; size < file.size() - 2; ++size) {
    CHECK_THAT(refusal(file.substr(0, size)), Contains("a BMP that ends early"));
  }
  Bitmap changed = plain;
  changed.compression = 4;
  CHECK_THAT(refusal(bmp_of(changed)), Contains("compression (4 of 24 bits)"));
  changed = plain;
  changed.bits = 7;
  CHECK_THAT(refusal(bmp_of(changed)), Contains("7 bits"));
  changed = plain;
  changed.width = -2;
  CHECK_THAT(refusal(bmp_of(changed)), Contains("without pixels"));
  const Bitmap runs{.width = 9, .height = 9, .bits = 8, .compression = 1, .pixels = "\3\1\0"s};
  CHECK_THAT(refusal(bmp_of(runs)), Contains("a BMP that ends early"));
}

}  // namespace bmp_test
