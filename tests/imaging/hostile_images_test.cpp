// Files that somebody broke, or made to break the reader: an image or an Error, never a crash, and
// never a word on standard error.

#include <chrono>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/tagging/imaging.hpp"

#include "imaging/image_files.hpp"
#include "imaging/limited_memory.hpp"
#include "support/captured_stderr.hpp"
#include "support/errors.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using namespace std::string_literals;

namespace {

/// Whether there was an image.
bool survives(const std::string& file) {
  try {
    const Image image = imaging().decode(bytes_of(file));
    CHECK(image.bytes.size() == image.width * image.height * 3 * image.sample_bytes);
    return true;
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK(!error.parts().found.empty());
    return false;
  }
}

/// A header that claims 60,000 x 60,000 pixels, of every format that has one.
std::vector<std::pair<std::string, std::string>> huge_files() {
  const std::string jpeg = encoded(".jpg", gradient_image(16, 16));
  const std::size_t frame = jpeg.find("\xff\xc0\0\x11\x08\0\x10\0\x10"s);
  REQUIRE(frame != std::string::npos);
  std::string huge_jpeg = jpeg;
  huge_jpeg.replace(frame + 5, 4, "\xea\x60\xea\x60");
  std::string bmp = encoded(".bmp", gradient_image(16, 16));
  bmp.replace(18, 8, "\x60\xea\0\0\x60\xea\0\0"s);
  const std::string one_row = png_data(std::string(100, '\0'));
  // A lossless WebP has at most 16,384 pixels each way.
  const std::string webp =
      "RIFF\x1a\0\0\0WEBPVP8L\x0d\0\0\0\x2f\xff\xff\xff\x0f\0\0\0\0\0\0\0\0\0"s;
  return {{"png", png_of({{"IHDR", png_header(60'000, 60'000, 8, 2)}, {"IDAT", one_row}})},
          {"wider png",
           png_of({{"IHDR", png_header(2'000'000'000, 2'000'000'000, 16, 6)}, {"IDAT", one_row}})},
          {"jpeg", huge_jpeg},
          {"bmp", bmp},
          {"webp", webp},
          {"ppm", "P6\n60000 60000\n255\n" + std::string(1000, 'x')},
          {"pgm", "P5\n60000 60000\n255\n" + std::string(1000, 'x')},
          {"text ppm", "P3\n60000 60000\n255\n1 2 3\n"},
          {"overflowing ppm", "P6\n2147483647 2147483647\n255\n" + std::string(100, 'x')}};
}

}  // namespace

TEST_CASE("a file that ends early is an error or less of an image, and no crash", "[decode]") {
  for (const auto& [name, file] : samples_of_all_formats()) {
    INFO(name);
    const CapturedStderr captured;
    CHECK(survives(file));
    for (std::size_t size = 0; size < file.size(); size += 1 + file.size() / 150) {
      survives(file.substr(0, size));
    }
    CHECK(captured.text().empty());
  }
}

TEST_CASE("a picture that is not whole is refused", "[decode]") {
  for (const auto& [name, file] : samples_of_all_formats()) {
    if (name == "text ppm" || name == "animated webp" || name == "interlaced gif" ||
        name == "palette png" || name == "bmp of runs") {
      continue;  // their last bytes are no pixels of the first picture
    }
    INFO(name);
    CHECK(!survives(file.substr(0, file.size() / 2)));
    CHECK(!survives(file.substr(0, file.size() * 9 / 10)));
  }
}

TEST_CASE("changed bytes are an image or an error", "[decode]") {
  Random random(7);
  for (const auto& [name, file] : samples_of_all_formats()) {
    INFO(name);
    const CapturedStderr captured;
    for (int round = 0; round < 300; ++round) {
      std::string changed = file;
      for (std::uint64_t changes = 1 + random.below(4); changes > 0; --changes) {
        // Headers are where the trouble is.
        const std::size_t at = random.below(
            random.below(2) == 0 ? std::min<std::size_t>(64, file.size()) : file.size());
        changed[at] = random.below(2) == 0
                          ? static_cast<char>(random.below(256))
                          : static_cast<char>(changed[at] ^ (1 << random.below(8)));
      }
      survives(changed);
    }
    CHECK(captured.text() == "");
  }
}

TEST_CASE("a PNG whose checksums are right and whose content is not", "[decode]") {
  Random random(8);
  const std::string rows = "\0\x0a\x14\x1e\0\x0a\x14\x1e"s;
  const CapturedStderr captured;
  for (int round = 0; round < 500; ++round) {
    std::string header = png_header(1, 2, 8, 2);
    std::string data = png_data(rows);
    std::string palette = "abcdef";
    std::string& changed = round % 3 == 0 ? header : data;
    const std::size_t at = random.below(changed.size());
    changed[at] = static_cast<char>(random.below(256));
    survives(png_of({{"IHDR", header}, {"IDAT", data}}));
    palette.resize(random.below(7));
    survives(png_of({{"IHDR", header}, {"PLTE", palette}, {"IDAT", data}}));
  }
  // More rows than the header says, chunks twice, missing or in another order.
  const std::string header = png_header(1, 2, 8, 2);
  const std::string data = png_data(rows);
  survives(png_of({{"IHDR", header}, {"IDAT", png_data(rows + rows)}}));
  survives(png_of({{"IHDR", header}, {"IDAT", data + "more"}}));
  survives(png_of({{"IHDR", header}, {"IHDR", png_header(60'000, 60'000, 8, 2)}, {"IDAT", data}}));
  survives(png_of({{"IHDR", png_header(60'000, 60'000, 8, 2)}, {"IHDR", header}, {"IDAT", data}}));
  survives(png_of({{"IDAT", data}, {"IHDR", header}}));
  survives(png_of({{"IHDR", header}, {"IDAT", data}, {"PLTE", "abc"}, {"IDAT", data}}));
  CHECK(!survives(png_of({{"IHDR", header}})));
  CHECK(!survives(png_of({{"IDAT", data}})));
  CHECK(!survives(png_of({{"IHDR", "short"}, {"IDAT", data}})));
  CHECK(!survives(png_of({})));
  CHECK(captured.text() == "");
}

TEST_CASE("more pixels than the limit are refused before they are decoded", "[decode]") {
  for (const auto& [name, file] : huge_files()) {
    INFO(name);
    const CapturedStderr captured;
    const auto begun = std::chrono::steady_clock::now();
    const auto message = in_limited_memory(
        [&] { return std::string(error_of([&] { imaging().decode(bytes_of(file)); }).what()); });
    REQUIRE(message);
    CHECK_THAT(*message, Contains("pixels"));
    CHECK(std::chrono::steady_clock::now() - begun < std::chrono::seconds(2));
    CHECK(captured.text() == "");
  }
}

TEST_CASE("an AVIF or HEIC may hold more pixels than it says, and then is refused", "[decode]") {
  constexpr std::size_t kSide = 7296;  // 53 million pixels
  const std::vector<std::uint8_t> samples(kSide * kSide * 3, 100);
  for (const std::string format : {"avif", "heic"}) {
    INFO(format);
    std::string file = heif_of(format, kSide, kSide, 3, samples, HeifQuality::quick);
    if (file.empty()) {
      continue;
    }
    const auto refusal = [&] {
      return in_limited_memory(
          [&] { return std::string(error_of([&] { imaging().decode(bytes_of(file)); }).what()); });
    };
    CHECK_THAT(refusal().value_or("no answer"), Contains("7296 x 7296 pixels"));
    // The property that says the size, outside of the coded picture.
    const std::string size = "\0\0\x1c\x80\0\0\x1c\x80"s;
    const std::size_t at = file.find("ispe\0\0\0\0"s + size);
    REQUIRE(at != std::string::npos);
    file.replace(at + 8, size.size(), "\0\0\0\x40\0\0\0\x40"s);
    CHECK_THAT(refusal().value_or("no answer"), Contains("limit of 50000000 pixels"));
  }
}
