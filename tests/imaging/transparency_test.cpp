// Transparency dropped and laid over white, and 16 bits as bytes: by formulas, and as Pillow has
// it.

#include <opencv2/imgcodecs.hpp>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/tagging/imaging.hpp"

#include "imaging/image_files.hpp"
#include "imaging/pillow.hpp"
#include "support/captured_stderr.hpp"

using namespace balse;
using namespace balse::test;
using namespace std::string_literals;

namespace transparency_test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Files = std::vector<std::pair<std::string, std::string>>;

constexpr DecodeOptions kOverWhite{.alpha = Alpha::over_white, .eight_bits = true};
constexpr DecodeOptions kDropped{.eight_bits = true};

Bytes bytes_in(const std::string& file, const DecodeOptions& options) {
  const CapturedStderr captured;
  const Image image = imaging().decode(bytes_of(file), options);
  CHECK(captured.text().empty());
  CHECK(image.bytes.size() == image.width * image.height * 3 * image.sample_bytes);
  return image.bytes;
}

/// Every colour level at every opacity; in each channel another one.
Bytes all_opacities() {
  Bytes samples;
  for (unsigned opacity = 0; opacity < 256; ++opacity) {
    for (unsigned level = 0; level < 256; ++level) {
      for (const unsigned sample : {level, 255 - level, (level * 7) % 256, opacity}) {
        samples.push_back(static_cast<std::uint8_t>(sample));
      }
    }
  }
  return samples;
}

/// Each sample c at opacity a as c a / 255 + (255 - a), to the nearest.
Bytes blended(const Bytes& samples) {
  Bytes result;
  for (std::size_t k = 0; k < samples.size(); ++k) {
    if (k % 4 < 3) {
      const double opacity = samples[k - k % 4 + 3] / 255.0;
      result.push_back(
          static_cast<std::uint8_t>(samples[k] * opacity + 255.0 * (1.0 - opacity) + 0.5));
    }
  }
  return result;
}

/// Files with transparency of every kind, and of 16 bits.
Files transparent_files() {
  const Bytes all = all_opacities();
  const std::string palette("\x01\x02\x03\xfa\xfb\xfc\x10\x20\x30\x40\x50\x60", 12);
  const std::string key("\0\x0a\0\x14\0\x1e", 6);
  const std::string rgb = "\0\x0a\x14\x1e\x0a\x14\x1f"s;
  Files files = {
      {"rgba png", encoded(".png", 256, 256, 4, all)},
      {"gray and alpha png",
       png_of({{"IHDR", png_header(3, 1, 8, 4)}, {"IDAT", png_data("\0\x32\x80\xc8\0\x10\xff"s)}})},
      {"16-bit gray and alpha png",
       png_of({{"IHDR", png_header(1, 1, 16, 4)}, {"IDAT", png_data("\0\x12\x34\x80\x00"s)}})},
      {"16-bit rgba png", png_of({{"IHDR", png_header(1, 1, 16, 6)},
                                  {"IDAT", png_data("\0\x12\x34\x45\xff\x80\x00\x81\x23"s)}})},
      {"16-bit rgb png", encoded(".png", gradient_image(19, 13, 2))},
      {"16-bit gray png",
       png_of({{"IHDR", png_header(2, 1, 16, 0)}, {"IDAT", png_data("\0\x12\xff\xfe\x01"s)}})},
      {"palette with opacities", png_of({{"IHDR", png_header(4, 1, 2, 3)},
                                         {"PLTE", palette},
                                         {"tRNS", "\0\x80\x41"s},
                                         {"IDAT", png_data("\0\x1b"s)}})},
      {"transparent colour",
       png_of({{"IHDR", png_header(2, 1, 8, 2)}, {"tRNS", key}, {"IDAT", png_data(rgb)}})},
      {"transparent gray", png_of({{"IHDR", png_header(2, 1, 8, 0)},
                                   {"tRNS", key.substr(0, 2)},
                                   {"IDAT", png_data("\0\x0a\x14"s)}})},
      {"transparent bit",
       png_of(
           {{"IHDR", png_header(4, 1, 1, 0)}, {"tRNS", "\0\1"s}, {"IDAT", png_data("\0\x50"s)}})},
      {"webp", encoded(".webp", 256, 256, 4, all, {cv::IMWRITE_WEBP_QUALITY, 101})},
      {"lossy webp", encoded(".webp", 256, 256, 4, all, {cv::IMWRITE_WEBP_QUALITY, 80})},
      {"opaque png", encoded(".png", gradient_image(19, 13))},
  };
  const GifFrame frame{.left = 1,
                       .top = 1,
                       .width = 2,
                       .height = 2,
                       .indices = {0, 1, 2, 3},
                       .transparent = 2,
                       .palette = {}};
  files.emplace_back("gif", gif_of(4, 4, palette, {frame}));
  return files;
}

}  // namespace

TEST_CASE("every level at every opacity, laid over white", "[decode]") {
  const Bytes all = all_opacities();
  const std::string file = encoded(".png", 256, 256, 4, all);
  CHECK((bytes_in(file, kOverWhite) == blended(all)));
  CHECK(bytes_in(file, {}) == bytes_in(file, kDropped));
  // Samples of 16 bits keep their fractions where nobody asks for bytes.
  const std::string deep = png_of({{"IHDR", png_header(1, 1, 16, 6)},
                                   {"IDAT", png_data("\0\x40\x00\x40\x00\x40\x00\x80\x00"s)}});
  // 0x4000 * 0x8000 / 65535 + 65535 - 0x8000 = 40959.1
  CHECK(bytes_in(deep, {.alpha = Alpha::over_white}) == Bytes{0xff, 0x9f, 0xff, 0x9f, 0xff, 0x9f});
  // 0x40 * 0x80 / 255 + 255 - 0x80 = 159.1
  CHECK(bytes_in(deep, kOverWhite) == Bytes{0x9f, 0x9f, 0x9f});
  CHECK(bytes_in(deep, {.alpha = Alpha::drop, .eight_bits = true}) == Bytes{0x40, 0x40, 0x40});
}

TEST_CASE("transparent colours, palettes and gray are white over white", "[decode]") {
  for (const auto& [name, file] : transparent_files()) {
    INFO(name);
    if (name == "transparent colour") {
      CHECK(bytes_in(file, kOverWhite) == Bytes{255, 255, 255, 31, 20, 10});
      CHECK(bytes_in(file, kDropped) == Bytes{30, 20, 10, 31, 20, 10});
    } else if (name == "transparent gray") {
      CHECK(bytes_in(file, kOverWhite) == Bytes{255, 255, 255, 20, 20, 20});
    } else if (name == "opaque png") {
      CHECK(bytes_in(file, kOverWhite) == gradient_image(19, 13).bytes);
    }
  }
}

TEST_CASE("transparency and deep samples are what Pillow makes of them", "[decode]") {
  if (!has_pillow()) {
    return;
  }
  const Files files = transparent_files();
  for (const bool over_white : {false, true}) {
    const std::vector<Image> expected = decoded_by_pillow(files, over_white);
    for (std::size_t k = 0; k < files.size(); ++k) {
      INFO(files[k].first << (over_white ? " over white" : " dropped"));
      REQUIRE(!expected[k].bytes.empty());
      const Image image =
          imaging().decode(bytes_of(files[k].second), over_white ? kOverWhite : kDropped);
      CHECK(image.width == expected[k].width);
      CHECK(image.height == expected[k].height);
      CHECK((image.bytes == expected[k].bytes));
    }
  }
}

TEST_CASE("AVIF and HEIC, with transparency and without", "[decode]") {
  // Smooth, so that what is lost on the way is little.
  constexpr std::size_t kSide = 64;
  const Image opaque = gradient_image(kSide, kSide);
  Bytes samples;
  for (std::size_t pixel = 0; pixel < kSide * kSide; ++pixel) {
    samples.insert(samples.end(), opaque.bytes.begin() + static_cast<std::ptrdiff_t>(3 * pixel),
                   opaque.bytes.begin() + static_cast<std::ptrdiff_t>(3 * pixel + 3));
    samples.push_back(static_cast<std::uint8_t>(4 * (pixel / kSide)));
  }
  const auto worst = [](const Bytes& a, const Bytes& b) {
    REQUIRE(a.size() == b.size());
    int most = 0;
    for (std::size_t k = 0; k < a.size(); ++k) {
      most = std::max(most, std::abs(int{a[k]} - int{b[k]}));
    }
    return most;
  };
  for (const std::string format : {"avif", "heic"}) {
    INFO(format);
    const std::string plain = heif_of(format, kSide, kSide, 3, opaque.bytes);
    if (plain.empty()) {
      continue;
    }
    CHECK(worst(bytes_in(plain, kDropped), opaque.bytes) <= 2);
    CHECK(bytes_in(plain, kDropped) == bytes_in(plain, kOverWhite));
    const std::string transparent = heif_of(format, kSide, kSide, 4, samples);
    CHECK(worst(bytes_in(transparent, kDropped), opaque.bytes) <= 2);
    CHECK(worst(bytes_in(transparent, kOverWhite), blended(samples)) <= 2);
  }
}

}  // namespace transparency_test
