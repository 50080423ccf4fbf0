// What the program knows of taggers, against what their own programs do with Pillow (pillow.py).

#include "balse/tagging/tagger_description.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"
#include "tagging/sample_tagger.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace tagger_description_test {
namespace {

TaggerDescription parsed(const std::string& json) {
  return parse_tagger_description(json, "t.json");
}

std::string message_of(const std::string& json) {
  return error_of([&] { parsed(json); }).what();
}

int call(const std::string& command) {
  return std::system((command + " > /dev/null 2>&1").c_str());  // NOLINT(concurrency-mt-unsafe)
}

/// Something with edges and slopes, so that filters matter.
Image picture(std::size_t width, std::size_t height) {
  Image image = random_image(width, height, 1, width + height);
  for (std::size_t k = 0; k < image.bytes.size(); ++k) {
    const std::size_t x = k / 3 % width;
    const std::size_t y = k / 3 / width;
    if ((x / 7 + y / 5) % 3 == 0) {
      image.bytes[k] = static_cast<std::uint8_t>(255 * x / width);
    }
  }
  return image;
}

}  // namespace

TEST_CASE("every known tagger sees what its own program sees by Pillow", "[tagger_description]") {
  if (call("/usr/bin/python3 -c 'import numpy, PIL'") != 0) {
    skipped("what taggers see, compared with Pillow: there is no python3-pil or python3-numpy");
    return;
  }
  const TemporaryFolder folder;
  const auto [width, height] = GENERATE(table<std::size_t, std::size_t>(
      {{225, 320}, {640, 360}, {448, 448}, {1000, 1501}, {300, 17}, {3, 2}, {1, 1}, {512, 512}}));
  const Image image = picture(width, height);
  std::string rgb(reinterpret_cast<const char*>(image.bytes.data()), image.bytes.size());
  for (std::size_t k = 0; k < rgb.size(); k += 3) {
    std::swap(rgb[k], rgb[k + 2]);
  }
  const std::string source = folder.write("rgb", rgb);
  for (const std::string& name : known_taggers()) {
    if (name == "illustration2vec") {  // its authors use scikit-image: preprocessing_test.cpp
      continue;
    }
    INFO(name << " of " << width << " x " << height);
    const std::string target = folder.path(name);
    const std::string script = BALSE_SOURCE_DIR "/tests/tagging/pillow.py";
    REQUIRE(call("/usr/bin/python3 " + script + " " + name + " " + source + " " +
                 std::to_string(width) + " " + std::to_string(height) + " " + target) == 0);
    const TaggerDescription tagger = *known_tagger(name);
    std::vector<float> expected(tagger.input.values());
    std::ifstream file(target, std::ios::binary);
    file.read(reinterpret_cast<char*>(expected.data()),
              static_cast<std::streamsize>(expected.size() * sizeof(float)));
    REQUIRE(file.gcount() == static_cast<std::streamsize>(expected.size() * sizeof(float)));
    std::vector<float> found(tagger.input.values());
    prepare_input(image, tagger.input, found);
    double largest = 0.0;
    const double level = static_cast<double>(
        *std::max_element(tagger.input.deviation.begin(), tagger.input.deviation.end()));
    for (std::size_t k = 0; k < found.size(); ++k) {
      largest = std::max(largest, std::abs(static_cast<double>(found[k] - expected[k])) * level);
    }
    CHECK(largest <= 1e-3);  // of a gray level
  }
}

TEST_CASE("a filter that Pillow has gives what its definition says", "[tagger_description]") {
  // A picture of two pixels, 0 and 255, four times as wide: bilinear at (k + 1/2) / 4 - 1/2.
  Image image{.width = 2, .height = 1, .sample_bytes = 1, .bytes = {0, 0, 0, 255, 255, 255}};
  InputSpec spec{.width = 8, .height = 1, .mean = {}, .resampling = Resampling::bilinear};
  std::vector<float> found(spec.values());
  prepare_input(image, spec, found);
  const std::vector<float> expected = {0, 0, 32, 96, 159, 223, 255, 255};
  CHECK(std::vector<float>(found.begin(), found.begin() + 8) == expected);
  // And half as wide: the mean of what a pixel covers, of which neighbours have a share.
  image = {.width = 4, .height = 1, .sample_bytes = 1, .bytes = std::vector<std::uint8_t>(12, 100)};
  spec.width = 2;
  found.resize(spec.values());
  for (const Resampling filter : {Resampling::bilinear, Resampling::bicubic, Resampling::lanczos}) {
    spec.resampling = filter;
    prepare_input(image, spec, found);
    CHECK(std::all_of(found.begin(), found.end(), [](float value) { return value == 100.0F; }));
  }
}

TEST_CASE("pixels lie by channel or beside each other, in a border of its colour",
          "[tagger_description]") {
  Image image{.width = 2, .height = 1, .sample_bytes = 1, .bytes = {10, 20, 30, 40, 50, 60}};
  InputSpec spec{.width = 2,
                 .height = 2,
                 .order = ChannelOrder::rgb,
                 .mean = {},
                 .layout = Layout::nhwc,
                 .resampling = Resampling::bicubic,
                 .fit = Fit::pad,
                 .border = {1, 2, 3}};
  std::vector<float> found(spec.values());
  prepare_input(image, spec, found);
  CHECK(found == std::vector<float>{30, 20, 10, 60, 50, 40, 1, 2, 3, 1, 2, 3});
  spec.layout = Layout::nchw;
  spec.order = ChannelOrder::bgr;
  spec.fit = Fit::letterbox;
  prepare_input(image, spec, found);
  CHECK(found == std::vector<float>{10, 40, 3, 3, 20, 50, 2, 2, 30, 60, 1, 1});
  // Of 16 bits the upper eight.
  const std::uint16_t words[] = {0x0aff, 0x1400, 0x1eff, 0x28ff, 0x3200, 0x3cff};
  image.sample_bytes = 2;
  image.bytes.resize(sizeof words);
  std::memcpy(image.bytes.data(), words, sizeof words);
  std::vector<float> of_words(spec.values());
  prepare_input(image, spec, of_words);
  CHECK(of_words == found);
}

TEST_CASE("every known tagger is described, and wd-v3 as its card says", "[tagger_description]") {
  CHECK(known_taggers().size() == 6);
  CHECK(!known_tagger("nobody"));
  for (const std::string& name : known_taggers()) {
    const TaggerDescription tagger = *known_tagger(name);
    CHECK(tagger.name == name);
    CHECK(tagger.input.validate().empty());
    CHECK(!tagger.tag_lists.empty());
  }
  const TaggerDescription wd = *known_tagger("wd-v3");
  CHECK(wd.input.width == 448);
  CHECK(wd.input.layout == Layout::nhwc);
  CHECK(wd.input.order == ChannelOrder::bgr);
  CHECK(wd.over_white);
  CHECK(wd.activation == Activation::none);
  CHECK(wd.thresholds[TagCategory::general].least == 0.35);
  CHECK(wd.thresholds[TagCategory::character].least == 0.85);
  const TaggerDescription own = *known_tagger("illustration2vec");
  CHECK(own.input.mean == InputSpec{}.mean);
  CHECK(own.input.resampling == Resampling::points);
  CHECK(!own.over_white);
  CHECK(own.thresholds[TagCategory::general].least == 0.1);
}

TEST_CASE("a description of one's own says what differs, and nothing unknown",
          "[tagger_description]") {
  const TaggerDescription tagger = parsed(
      R"({"name": "mine", "size": [320, 200], "layout": "nhwc", "colors": "bgr", "mean": [1, 2, 3],
          "deviation": [4, 5, 6.5], "resize": "lanczos", "alpha": "drop", "activation": "softmax",
          "output": "tags", "embedding": "pooled", "tag_list": ["a.txt", "b.csv"],
          "thresholds": {"character": "mcut", "all": 0.2}})");
  CHECK(tagger.input.width == 320);
  CHECK(tagger.input.height == 200);
  CHECK(tagger.input.deviation[2] == 6.5F);
  CHECK(tagger.output == "tags");
  CHECK(tagger.tag_lists == std::vector<std::string>{"a.txt", "b.csv"});
  CHECK(tagger.thresholds[TagCategory::character].mcut);
  CHECK(tagger.thresholds[TagCategory::meta].least == 0.2);
  CHECK(tagger.fingerprint() != parsed(R"({"size": [320, 200]})").fingerprint());
  CHECK_THAT(message_of("[]"), Contains("no description of a tagger"));
  CHECK_THAT(message_of("{\"a\""), Contains("no description of a tagger"));
  CHECK_THAT(message_of(R"({"colours": "rgb"})"), Contains("a member \"colours\""));
  CHECK_THAT(message_of(R"({"colors": "gbr"})"), Contains("colors") && Contains("one of rgb, bgr"));
  CHECK_THAT(message_of(R"({"size": -3})"), Contains("size \"-3\""));
  CHECK_THAT(message_of(R"({"size": 100000})"), Contains("100000 x 100000"));
  CHECK_THAT(message_of(R"({"deviation": [0, 1, 1]})"), Contains("deviation"));
  CHECK_THAT(message_of(R"({"mean": [1, 2]})"), Contains("three numbers"));
  CHECK_THAT(message_of(R"({"border": [1, 2, 256]})"), Contains("border"));
  CHECK_THAT(message_of(R"({"thresholds": {"genre": 1}})"), Contains("thresholds"));
  CHECK_THAT(message_of(R"({"thresholds": {"all": 2}})"), Contains("thresholds"));
  CHECK_THAT(message_of(R"({"tag_list": "../x"})"), Contains("beside the weights"));
  CHECK_THAT(message_of(R"({"name": 7})"), Contains("a string"));
  CHECK_THAT(message_of(R"({"size": [448, 300], "fit": "pad"})"), Contains("aspect ratio"));
}

}  // namespace tagger_description_test
