// What the imaging module reads, compared with what was encoded or with OpenCV itself.

#include <algorithm>
#include <cstring>
#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/tagging/imaging.hpp"

#include "imaging/image_files.hpp"
#include "support/captured_stderr.hpp"
#include "support/errors.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using namespace std::string_literals;

namespace decode_test {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// Without a word of the libraries'.
Image decode(const std::string& file) {
  const CapturedStderr captured;
  const Image image = imaging().decode(bytes_of(file));
  CHECK(captured.text().empty());
  CHECK(image.bytes.size() == image.width * image.height * 3 * image.sample_bytes);
  return image;
}

void check_same(const Image& image, const Image& expected) {
  CHECK(image.width == expected.width);
  CHECK(image.height == expected.height);
  CHECK(image.sample_bytes == expected.sample_bytes);
  CHECK((image.bytes == expected.bytes));
}

std::string refusal_of(const std::string& file) {
  const CapturedStderr captured;
  const Error error = error_of([&] { imaging().decode(bytes_of(file)); });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK(captured.text().empty());
  return error.what();
}

/// Three equal channels.
Bytes tripled(const Bytes& grays) {
  Bytes samples;
  for (const std::uint8_t gray : grays) {
    samples.insert(samples.end(), 3, gray);
  }
  return samples;
}

int largest_difference(const Bytes& a, const Bytes& b) {
  REQUIRE(a.size() == b.size());
  int largest = 0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    largest = std::max(largest, std::abs(int{a[k]} - int{b[k]}));
  }
  return largest;
}

}  // namespace

TEST_CASE("lossless formats give the very picture back", "[decode]") {
  const Image image = gradient_image(37, 23);
  check_same(decode(encoded(".png", image)), image);
  check_same(decode(encoded(".bmp", image)), image);
  check_same(decode(encoded(".tiff", image)), image);
  check_same(decode(encoded(".ppm", image)), image);
  check_same(decode(encoded(".ppm", image, {cv::IMWRITE_PXM_BINARY, 0})), image);
  check_same(decode(encoded(".webp", image, {cv::IMWRITE_WEBP_QUALITY, 101})), image);
  const Image deep = gradient_image(37, 23, 2);
  check_same(decode(encoded(".png", deep)), deep);
  check_same(decode(encoded(".tiff", deep)), deep);
  check_same(decode(encoded(".ppm", deep)), deep);
  const Image pixel = gradient_image(1, 1);
  check_same(decode(encoded(".png", pixel)), pixel);
}

TEST_CASE("JPEGs are read bit for bit as OpenCV reads them", "[decode]") {
  for (const auto& [width, height] : {std::pair{37, 23}, {8, 8}, {1, 1}, {300, 17}}) {
    const Image image = gradient_image(width, height);
    for (const std::vector<int>& parameters :
         std::vector<std::vector<int>>{{},
                                       {cv::IMWRITE_JPEG_QUALITY, 30},
                                       {cv::IMWRITE_JPEG_QUALITY, 100},
                                       {cv::IMWRITE_JPEG_PROGRESSIVE, 1},
                                       {cv::IMWRITE_JPEG_RST_INTERVAL, 2}}) {
      const std::string file = encoded(".jpg", image, parameters);
      check_same(decode(file), decoded_by_opencv(file));
    }
  }
  const Image gray = gradient_image(31, 9);
  const std::string file = encoded(".jpg", 93, 9, 1, gray.bytes);
  const Image read = decode(file);
  check_same(read, decoded_by_opencv(file));
  CHECK(read.bytes[0] == read.bytes[1]);
}

TEST_CASE("inks become light, whichever way round they are stored", "[decode]") {
  // One colour for each block of 8 x 8, so that JPEG does not blur it: cyan, black, paper and a
  // mixture of all, as they are printed: 255 is all ink.
  const std::vector<Bytes> inks = {{255, 0, 0, 0}, {0, 0, 0, 255}, {0, 0, 0, 0}, {30, 60, 90, 120}};
  const std::vector<Bytes> light = {{255, 255, 0}, {0, 0, 0}, {255, 255, 255}, {87, 103, 119}};
  for (const bool adobe : {true, false}) {
    Bytes samples;
    Bytes expected;
    for (std::size_t pixel = 0; pixel < 8 * 32; ++pixel) {
      for (const std::uint8_t ink : inks[pixel % 32 / 8]) {
        samples.push_back(adobe ? static_cast<std::uint8_t>(255 - ink) : ink);
      }
      const Bytes& color = light[pixel % 32 / 8];
      expected.insert(expected.end(), color.begin(), color.end());
    }
    const Image image = decode(cmyk_jpeg(32, 8, samples, adobe));
    CHECK(image.width == 32);
    CHECK(image.height == 8);
    CHECK(largest_difference(image.bytes, expected) <= 2);
  }
}

TEST_CASE("gray is three equal channels, transparency is dropped and not blended", "[decode]") {
  const Bytes grays = {0, 50, 100, 150, 200, 255};
  CHECK(decode(encoded(".png", 3, 2, 1, grays)).bytes == tripled(grays));
  CHECK(decode(encoded(".pgm", 3, 2, 1, grays)).bytes == tripled(grays));
  CHECK(decode(encoded(".tiff", 3, 2, 1, grays)).bytes == tripled(grays));
  // Two pixels, one half and one fully transparent.
  const Bytes colors = {10, 20, 30, 128, 200, 100, 50, 0};
  const Bytes expected = {10, 20, 30, 200, 100, 50};
  CHECK(decode(encoded(".png", 2, 1, 4, colors)).bytes == expected);
  CHECK(decode(encoded(".tiff", 2, 1, 4, colors)).bytes == expected);
  const std::string gray_alpha = png_of(
      {{"IHDR", png_header(2, 1, 8, 4)}, {"IDAT", png_data(std::string("\0\x32\x80\xc8\0", 5))}});
  CHECK(decode(gray_alpha).bytes == tripled({50, 200}));
  const std::string deep_gray_alpha =
      png_of({{"IHDR", png_header(1, 1, 16, 4)},
              {"IDAT", png_data(std::string("\0\x12\x34\x80\x00", 5))}});
  const Image deep = decode(deep_gray_alpha);
  CHECK(deep.sample_bytes == 2);
  CHECK(deep.bytes == Bytes{0x34, 0x12, 0x34, 0x12, 0x34, 0x12});
}

TEST_CASE("palettes and few bits", "[decode]") {
  const std::string palette("\x01\x02\x03\xfa\xfb\xfc\x10\x20\x30", 9);
  const std::vector<std::pair<std::string, std::string>> plain = {
      {"IHDR", png_header(3, 1, 2, 3)}, {"PLTE", palette}, {"IDAT", png_data("\0\x18"s)}};
  const Bytes colors = {3, 2, 1, 0xfc, 0xfb, 0xfa, 0x30, 0x20, 0x10};
  CHECK(decode(png_of(plain)).bytes == colors);
  auto transparent = plain;
  transparent.insert(transparent.begin() + 2, {"tRNS", std::string("\0\x80", 2)});
  CHECK(decode(png_of(transparent)).bytes == colors);
  // One colour, or gray, that is transparent.
  const std::string key("\0\x0a\0\x14\0\x1e", 6);
  CHECK(decode(png_of({{"IHDR", png_header(1, 1, 8, 2)},
                       {"tRNS", key},
                       {"IDAT", png_data("\0\x0a\x14\x1e"s)}}))
            .bytes == Bytes{30, 20, 10});
  CHECK(decode(png_of({{"IHDR", png_header(2, 1, 8, 0)},
                       {"tRNS", key.substr(0, 2)},
                       {"IDAT", png_data("\0\x0a\x14"s)}}))
            .bytes == tripled({10, 20}));
  const std::string bits =
      png_of({{"IHDR", png_header(4, 1, 1, 0)}, {"IDAT", png_data("\0\x50"s)}});
  CHECK(decode(bits).bytes == tripled({0, 255, 0, 255}));
  CHECK(decode("P1\n4 1\n0 1 0 1\n").bytes == tripled({255, 0, 255, 0}));
  CHECK(decode("P4\n4 1\n\x50"s).bytes == tripled({255, 0, 255, 0}));
}

TEST_CASE("colour profiles, gamma and texts of a PNG change nothing and say nothing", "[decode]") {
  const std::string data = png_data("\0\x0a\x14\x1e"s);
  const std::string header = png_header(1, 1, 8, 2);
  const Bytes expected = {30, 20, 10};
  CHECK(decode(png_of({{"IHDR", header},
                       {"gAMA", "\0\0\x10\0"s},
                       {"iCCP", "broken"},
                       {"sRGB", "\x09"},
                       {"tEXt", "no keyword"},
                       {"acTL", "\0\0\0\2\0\0\0\0"s},
                       {"IDAT", data},
                       {"fdAT", "\0\0\0\1"s + data}}))
            .bytes == expected);
  // Bytes after the end are somebody else's.
  CHECK(decode(png_of({{"IHDR", header}, {"IDAT", data}}) + "trailing bytes").bytes == expected);
}

TEST_CASE("orientation is ignored", "[decode]") {
  const std::string file = encoded(".jpg", gradient_image(16, 8));
  // After the start of the image: APP1 with a TIFF directory that says orientation 6, rotate.
  const std::string exif = "\xff\xe1\0\x22"s + "Exif\0\0"s +
                           "MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"s;
  const std::string rotated = file.substr(0, 2) + exif + file.substr(2);
  check_same(decode(rotated), decode(file));
}

TEST_CASE("of an animation the first picture", "[decode]") {
  const Image first = gradient_image(24, 16);
  Image second = first;
  std::fill(second.bytes.begin(), second.bytes.end(), std::uint8_t{7});
  check_same(decode(animated_webp({first, second, first})), first);
  check_same(decode(animated_webp({second, first})), second);
}

TEST_CASE("what is no image is refused, a known format by its name", "[decode]") {
  CHECK_THAT(refusal_of(""), Contains("empty"));
  CHECK_THAT(refusal_of("hello, this is a text\n"), Contains("no image"));
  CHECK_THAT(refusal_of("GIF89a\1\0\1\0\0\0\0"s), Contains("GIF that ends early"));
  CHECK_THAT(refusal_of("\0\0\0\x14"
                        "ftypavif0000mif1"s),
             Contains("AVIF"));
  CHECK_THAT(refusal_of("8BPS\0\1"s), Contains("Photoshop") && Contains("converting"));
  CHECK_THAT(refusal_of("%PDF-1.4\n"), Contains("PDF"));
  CHECK_THAT(refusal_of("<!DOCTYPE html><html>"), Contains("web page"));
  for (const std::size_t size : {1, 2, 3, 8, 12, 100, 100'000}) {
    refusal_of(std::string(size, '\0'));
    refusal_of(std::string(size, '\xff'));
  }
}

}  // namespace decode_test
