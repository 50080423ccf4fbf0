// Files that end early: whole without an end marker, refused, or what is there of them.

#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/tagging/imaging.hpp"

#include "imaging/image_files.hpp"
#include "support/captured_stderr.hpp"
#include "support/errors.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace truncated_test {
namespace {

constexpr std::size_t kSide = 200;

std::string refusal(const std::string& file, const DecodeOptions& options = {}) {
  const CapturedStderr captured;
  const Error error = error_of([&] { imaging().decode(bytes_of(file), options); });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK(captured.text().empty());
  return error.what();
}

Image decode(const std::string& file, bool allow_truncated = false) {
  const CapturedStderr captured;
  Image image = imaging().decode(bytes_of(file), {.allow_truncated = allow_truncated});
  CHECK(captured.text().empty());
  return image;
}

/// No two rows alike, and not to be compressed to nothing.
Image rough_image() {
  Image image = gradient_image(kSide, kSide);
  Random random(5);
  for (std::uint8_t& sample : image.bytes) {
    sample = static_cast<std::uint8_t>(sample ^ random.below(8));
  }
  return image;
}

std::size_t equal_rows(const Image& a, const Image& b) {
  const std::size_t stride = a.width * 3;
  std::size_t row = 0;
  while (row < a.height &&
         std::equal(a.bytes.begin() + static_cast<std::ptrdiff_t>(row * stride),
                    a.bytes.begin() + static_cast<std::ptrdiff_t>((row + 1) * stride),
                    b.bytes.begin() + static_cast<std::ptrdiff_t>(row * stride))) {
    ++row;
  }
  return row;
}

std::vector<std::pair<std::string, std::string>> files() {
  const Image image = rough_image();
  GifFrame frame{.width = kSide, .height = kSide};
  for (std::size_t k = 0; k < kSide * kSide; ++k) {
    frame.indices.push_back(static_cast<std::uint8_t>(image.bytes[3 * k] % 4));
  }
  const std::string palette("\0\0\0\xff\0\0\0\xff\0\0\0\xff", 12);
  return {{"a JPEG", encoded(".jpg", image)},
          {"a PNG", encoded(".png", image)},
          {"a GIF", gif_of(kSide, kSide, palette, {frame})},
          {"a WebP", encoded(".webp", image, {cv::IMWRITE_WEBP_QUALITY, 80})},
          {"a WebP", encoded(".webp", image, {cv::IMWRITE_WEBP_QUALITY, 101})}};
}

}  // namespace

TEST_CASE("a JPEG or PNG that lacks only its end is whole", "[decode]") {
  const Image image = rough_image();
  const std::vector<int> restarts = {cv::IMWRITE_JPEG_RST_INTERVAL, 3};
  const std::vector<int> progressive = {cv::IMWRITE_JPEG_PROGRESSIVE, 1};
  for (const std::vector<int>& parameters : {std::vector<int>(), restarts, progressive}) {
    const std::string file = encoded(".jpg", image, parameters);
    REQUIRE(file.substr(file.size() - 2) == "\xff\xd9");
    const Image whole = decode(file);
    CHECK((decode(file.substr(0, file.size() - 2)).bytes == whole.bytes));
    CHECK((decode(file.substr(0, file.size() - 1)).bytes == whole.bytes));
    CHECK_THAT(refusal(file.substr(0, file.size() - 40)), Contains("a JPEG that ends early"));
  }
  const std::string png = encoded(".png", image);
  for (const std::size_t missing : {1, 4, 12, 14, 16}) {  // IEND, then the checksum of pixels
    CHECK((decode(png.substr(0, png.size() - missing)).bytes == image.bytes));
  }
  CHECK_THAT(refusal(png.substr(0, png.size() - 100)), Contains("a PNG that ends early"));
}

TEST_CASE("a progressive JPEG that lacks whole scans is not whole", "[decode]") {
  const std::string file = encoded(".jpg", rough_image(), {cv::IMWRITE_JPEG_PROGRESSIVE, 1});
  std::size_t scans = 0;
  const Image whole = decode(file);
  for (std::size_t at = file.find("\xff\xda"); at != std::string::npos;
       at = file.find("\xff\xda", at + 1)) {
    // Before the tables and the header of the scan are those of the ones that are there.
    const std::size_t tables = file.rfind("\xff\xc4", at);
    const std::string cut = file.substr(0, tables);
    if (++scans > 1) {
      CHECK_THAT(refusal(cut), Contains("a JPEG that ends early") && Contains("--allow-truncated"));
      CHECK(decode(cut, true).bytes.size() == whole.bytes.size());
    }
  }
  CHECK(scans > 3);
}

TEST_CASE("a file that is cut short gives what is there, if that is allowed", "[decode]") {
  for (const auto& [name, file] : files()) {
    INFO(name);
    const Image whole = decode(file);
    CHECK((decode(file, true).bytes == whole.bytes));
    const std::string half = file.substr(0, file.size() / 2);
    CHECK_THAT(refusal(half), Contains(name + " that ends early") && Contains("--allow-truncated"));
    const Image cut = decode(half, true);
    CHECK(cut.width == whole.width);
    CHECK(cut.height == whole.height);
    const std::size_t rows = equal_rows(cut, whole);
    CHECK(rows > kSide / 8);
    CHECK(rows < kSide * 3 / 4);
    // The last row is gray; libjpeg's gray is that of its colours' middle.
    for (std::size_t k = cut.bytes.size() - kSide * 3; k < cut.bytes.size(); ++k) {
      REQUIRE(cut.bytes[k] == 128);
    }
    // Nothing at all is no picture.
    CHECK_THAT(refusal(file.substr(0, 20), {.allow_truncated = true}),
               !Contains("--allow-truncated"));
  }
}

TEST_CASE("of an animation that is cut short the first picture must be there", "[decode]") {
  const Image image = rough_image();
  const std::string file = animated_webp({image, gradient_image(kSide, kSide)});
  CHECK((decode(file.substr(0, file.size() - 20)).bytes == image.bytes));
  CHECK_THAT(refusal(file.substr(0, file.size() / 2), {.allow_truncated = true}),
             Contains("a WebP that ends early") && !Contains("--allow-truncated"));
}

TEST_CASE("interlaced pictures that are cut short are coarse, not striped", "[decode]") {
  GifFrame frame{.width = 64, .height = 256};
  Random random(6);
  for (std::size_t k = 0; k < 64 * 256; ++k) {
    frame.indices.push_back(static_cast<std::uint8_t>(random.below(4)));
  }
  frame.interlaced = true;
  const std::string palette("\x11\x11\x11\x22\x22\x22\x33\x33\x33\x44\x44\x44", 12);
  const std::string file = gif_of(64, 256, palette, {frame});
  const Image cut = decode(file.substr(0, file.size() * 2 / 3), true);
  for (const std::uint8_t level : cut.bytes) {
    REQUIRE(level != 128);
  }
}

}  // namespace truncated_test
