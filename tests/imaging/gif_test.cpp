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

namespace gif_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

const std::string kPalette("\x01\x02\x03\x11\x12\x13\x21\x22\x23\x31\x32\x33", 12);
const std::string kOtherPalette("\xa1\xa2\xa3\xb1\xb2\xb3", 6);
constexpr DecodeOptions kOverWhite{.alpha = Alpha::over_white};

/// The first channel, red, of every pixel.
Bytes reds(const Image& image) {
  Bytes levels;
  for (std::size_t at = 2; at < image.bytes.size(); at += 3) {
    levels.push_back(image.bytes[at]);
  }
  return levels;
}

Image decode(const std::string& file, const DecodeOptions& options = {}) {
  const CapturedStderr captured;
  Image image = imaging().decode(bytes_of(file), options);
  CHECK(captured.text().empty());
  return image;
}

/// 20 x 17 indices without a pattern.
GifFrame noise() {
  GifFrame frame{.width = 20, .height = 17};
  for (std::size_t k = 0; k < 20 * 17; ++k) {
    frame.indices.push_back(static_cast<std::uint8_t>(k * k / 7 % 4));
  }
  return frame;
}

}  // namespace

TEST_CASE("the first picture of a GIF, at its place on the screen", "[decode]") {
  GifFrame frame{.left = 1, .top = 1, .width = 2, .height = 1, .indices = {3, 2}};
  GifFrame second = frame;
  second.indices = {1, 1};
  Image image = decode(gif_of(4, 2, kPalette, {frame, second}));
  CHECK(image.width == 4);
  CHECK(image.height == 2);
  CHECK(reds(image) == Bytes{1, 1, 1, 1, 1, 0x31, 0x21, 1});
  CHECK(Bytes(image.bytes.begin() + 15, image.bytes.begin() + 18) == Bytes{0x33, 0x32, 0x31});

  frame.transparent = 2;
  const std::string transparent = gif_of(4, 2, kPalette, {frame});
  CHECK(reds(decode(transparent)) == Bytes{0x21, 0x21, 0x21, 0x21, 0x21, 0x31, 0x21, 0x21});
  CHECK(reds(decode(transparent, kOverWhite)) == Bytes{255, 255, 255, 255, 255, 0x31, 255, 255});

  frame = {.width = 2, .height = 1, .indices = {1, 0}, .palette = kOtherPalette};
  CHECK(reds(decode(gif_of(2, 1, kPalette, {frame}))) == Bytes{0xb1, 0xa1});
  // A screen too small for the picture.
  CHECK(decode(gif_of(1, 1, kPalette, {frame})).width == 2);
}

TEST_CASE("a GIF's interlaced rows are put in order", "[decode]") {
  GifFrame frame = noise();
  const Bytes plain = decode(gif_of(20, 17, kPalette, {frame})).bytes;
  frame.interlaced = true;
  CHECK((decode(gif_of(20, 17, kPalette, {frame})).bytes == plain));
}

TEST_CASE("GIFs are what Pillow makes of them", "[decode]") {
  if (!has_pillow()) {
    return;
  }
  std::vector<std::pair<std::string, std::string>> files;
  for (const bool interlaced : {false, true}) {
    for (const int transparent : {-1, 0, 3}) {
      for (const std::string& palette : {std::string(), kOtherPalette}) {
        GifFrame frame = noise();
        frame.interlaced = interlaced;
        frame.transparent = transparent;
        frame.palette = palette;
        for (std::uint8_t& index : frame.indices) {
          index = palette.empty() ? index : index % 2;
        }
        frame.left = 3;
        frame.top = 5;
        files.emplace_back("gif", gif_of(30, 40, kPalette, {frame, frame}));
      }
    }
  }
  for (const bool over_white : {false, true}) {
    const std::vector<Image> expected = decoded_by_pillow(files, over_white);
    for (std::size_t k = 0; k < files.size(); ++k) {
      INFO(k << over_white);
      CHECK((decode(files[k].second, over_white ? kOverWhite : DecodeOptions{}).bytes ==
             expected[k].bytes));
    }
  }
}

TEST_CASE("a GIF of more pixels than the limit, or of none, is refused", "[decode]") {
  const auto refusal = [](const std::string& file) {
    const CapturedStderr captured;
    return std::string(error_of([&] { imaging().decode(bytes_of(file)); }).what());
  };
  const GifFrame frame{.width = 1, .height = 1, .indices = {0}};
  std::string file = gif_of(1, 1, kPalette, {frame});
  std::string huge = file;
  huge.replace(6, 4, "\xff\xff\xff\xff");
  CHECK_THAT(refusal(huge), Contains("65535 x 65535 pixels"));
  std::string huge_frame = file;
  const std::size_t descriptor = file.find(",\0\0\0\0\1\0\1\0"s);
  REQUIRE(descriptor != std::string::npos);
  huge_frame.replace(descriptor + 5, 4, "\xff\xff\xff\xff");
  CHECK_THAT(refusal(huge_frame), Contains("65535 x 65535 pixels"));
  file.replace(descriptor + 5, 4, "\0\0\1\0"s);
  CHECK_THAT(refusal(file), Contains("without pixels"));
  CHECK_THAT(refusal("GIF89a\1\0\1\0\0\0\0;"s), Contains("without a picture"));
}

}  // namespace gif_test
