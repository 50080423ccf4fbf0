// TIFFs of many layouts: the same picture however it lies in the file, what Pillow makes of it, and
// refusals of what nobody can know the colours of.

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

namespace tiff_test {
namespace {

using Bytes = std::vector<std::uint8_t>;
using Samples = std::vector<std::uint16_t>;

constexpr std::uint32_t kWidth = 37;
constexpr std::uint32_t kHeight = 21;
constexpr std::uint16_t kWhiteIsZero = 0;
constexpr std::uint16_t kRgb = 2;
constexpr std::uint16_t kPaletteColors = 3;
constexpr std::uint16_t kInks = 5;
constexpr std::uint16_t kPremultiplied = 1;
constexpr std::uint16_t kStraight = 2;

Samples samples_for(const TiffKind& kind) {
  Samples samples;
  const unsigned most = (1U << kind.bits) - 1;
  for (std::size_t k = 0; k < std::size_t{kWidth} * kHeight * kind.samples; ++k) {
    samples.push_back(static_cast<std::uint16_t>(k * k * 31 / 3 % (most + 1)));
  }
  if (!kind.extra.empty() && kind.extra[0] == kPremultiplied) {
    for (std::size_t k = 0; k < samples.size(); ++k) {
      const std::size_t opacity = k - k % kind.samples + kind.samples - 1;
      samples[k] = std::min(samples[k], samples[opacity]);
    }
  }
  return samples;
}

std::string file_of(TiffKind kind) {
  kind.width = kWidth;
  kind.height = kHeight;
  if (kind.photometric == kPaletteColors) {
    for (std::size_t k = 0; k < std::size_t{3} << kind.bits; ++k) {
      kind.palette.push_back(static_cast<std::uint16_t>(k * 7919));
    }
  }
  return tiff_of(kind, samples_for(kind));
}

Image decode(const std::string& file, const DecodeOptions& options = {}) {
  const CapturedStderr captured;
  Image image = imaging().decode(bytes_of(file), options);
  CHECK(captured.text().empty());
  return image;
}

std::vector<std::pair<std::string, TiffKind>> kinds() {
  return {
      {"1 bit", {.bits = 1}},
      {"4 bits", {.bits = 4}},
      {"gray", {}},
      {"white is 0", {.photometric = kWhiteIsZero}},
      {"1 bit, white is 0", {.bits = 1, .photometric = kWhiteIsZero}},
      {"16 bits gray", {.bits = 16}},
      {"gray and opacity", {.samples = 2, .extra = {kStraight}}},
      {"palette", {.photometric = kPaletteColors}},
      {"palette of 16", {.bits = 4, .photometric = kPaletteColors}},
      {"rgb", {.samples = 3, .photometric = kRgb}},
      {"16 bits rgb", {.bits = 16, .samples = 3, .photometric = kRgb}},
      {"rgba", {.samples = 4, .photometric = kRgb, .extra = {kStraight}}},
      {"rgba that does not say so", {.samples = 4, .photometric = kRgb}},
      {"rgb and something", {.samples = 4, .photometric = kRgb, .extra = {0}}},
      {"premultiplied", {.samples = 4, .photometric = kRgb, .extra = {kPremultiplied}}},
      {"inks", {.samples = 4, .photometric = kInks}},
      {"deflated", {.samples = 3, .photometric = kRgb, .compression = 8}},
  };
}

}  // namespace

TEST_CASE("a TIFF is the same picture in rows, tiles and planes", "[decode]") {
  for (const auto& [name, kind] : kinds()) {
    INFO(name);
    const Image rows = decode(file_of(kind));
    CHECK(rows.width == kWidth);
    CHECK(rows.height == kHeight);
    CHECK(rows.sample_bytes == (kind.bits == 16 ? 2 : 1));
    for (const bool separate : {false, true}) {
      for (const std::uint32_t tile : {0, 16, 48}) {
        TiffKind other = kind;
        other.separate = separate && kind.samples > 1;
        other.tile = tile;
        CHECK((decode(file_of(other)).bytes == rows.bytes));
      }
    }
  }
}

TEST_CASE("TIFFs are what Pillow makes of them", "[decode]") {
  if (!has_pillow()) {
    return;
  }
  std::vector<std::pair<std::string, std::string>> files;
  for (auto& [name, kind] : kinds()) {
    files.emplace_back(name, file_of(kind));
  }
  for (std::uint16_t orientation = 2; orientation <= 8; ++orientation) {
    files.emplace_back("orientation " + std::to_string(orientation),
                       file_of({.samples = 3, .photometric = kRgb, .orientation = orientation}));
  }
  for (const bool over_white : {false, true}) {
    const std::vector<Image> expected = decoded_by_pillow(files, over_white);
    for (std::size_t k = 0; k < files.size(); ++k) {
      INFO(files[k].first << (over_white ? " over white" : " dropped"));
      REQUIRE(!expected[k].bytes.empty());
      const Image image =
          decode(files[k].second,
                 {.alpha = over_white ? Alpha::over_white : Alpha::drop, .eight_bits = true});
      CHECK(image.width == expected[k].width);
      CHECK((image.bytes == expected[k].bytes));
    }
  }
}

TEST_CASE("12 bits are 16 of the same brightness", "[decode]") {
  TiffKind kind{.width = 3, .height = 1, .bits = 12};
  const Image image = decode(tiff_of(kind, {0, 0x800, 0xfff}), {.eight_bits = true});
  CHECK(image.bytes == Bytes{0, 0, 0, 0x80, 0x80, 0x80, 255, 255, 255});
}

TEST_CASE("TIFFs whose colours nobody can know are refused, and those that are too large",
          "[decode]") {
  const auto refusal = [](const std::string& file) {
    const CapturedStderr captured;
    const Error error = error_of([&] { imaging().decode(bytes_of(file)); });
    CHECK(captured.text().empty());
    return std::string(error.what());
  };
  CHECK_THAT(refusal(file_of({.bits = 16, .format = 2})), Contains("signed samples"));
  CHECK_THAT(refusal(file_of({.bits = 16, .format = 3})), Contains("floating-point samples"));
  CHECK_THAT(refusal(file_of({.samples = 3, .photometric = 8})), Contains("unusual kind (8)"));
  const std::string file = file_of({.samples = 3, .photometric = kRgb});
  // The numbers of the picture's width and height, in the directory.
  std::string huge = file;
  for (const char tag : {'\0', '\1'}) {
    const std::string entry = tag + std::string("\1\3\0\1\0\0\0", 7);
    std::size_t at = huge.find(entry);
    REQUIRE(at != std::string::npos);
    huge.replace(at, 12, entry.substr(0, 2) + std::string("\4\0\1\0\0\0\x60\xea\0\0", 10));
  }
  CHECK_THAT(refusal(huge), Contains("60000 x 60000 pixels"));
}

}  // namespace tiff_test
