#include "balse/tagging/preprocessing.hpp"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "tagging/sample_tagger.hpp"

using namespace balse;
using balse::test::random_image;

namespace {

/// In gray levels. What a resized plane may be off by.
constexpr double kTolerance = 1e-3;

/// Gray level of a sample, channel 0 being blue.
double gray(const Image& image, std::size_t x, std::size_t y, std::size_t channel) {
  const std::size_t sample = (y * image.width + x) * 3 + channel;
  if (image.sample_bytes == 1) {
    return image.bytes[sample];
  }
  std::uint16_t word = 0;
  std::memcpy(&word, image.bytes.data() + sample * 2, 2);
  return word / 257.0;
}

/// The definition: each output pixel's centre in the input, and the tent of width 2 around it.
/// Neighbours outside are the edge's.
double bilinear(const Image& image, double x, double y, std::size_t channel) {
  double sum = 0.0;
  for (int dy = 0; dy <= 1; ++dy) {
    for (int dx = 0; dx <= 1; ++dx) {
      const double column = std::floor(x) + dx;
      const double line = std::floor(y) + dy;
      const double share = (1.0 - std::abs(x - column)) * (1.0 - std::abs(y - line));
      const double last_column = static_cast<double>(image.width) - 1.0;
      const double last_line = static_cast<double>(image.height) - 1.0;
      sum += share * gray(image, static_cast<std::size_t>(std::clamp(column, 0.0, last_column)),
                          static_cast<std::size_t>(std::clamp(line, 0.0, last_line)), channel);
    }
  }
  return sum;
}

std::vector<double> reference(const Image& image, const InputSpec& spec) {
  std::vector<double> planes;
  for (std::size_t plane = 0; plane < 3; ++plane) {
    const std::size_t channel = spec.order == ChannelOrder::bgr ? plane : 2 - plane;
    for (std::size_t y = 0; y < spec.height; ++y) {
      for (std::size_t x = 0; x < spec.width; ++x) {
        const auto at = [](std::size_t k, std::size_t from, std::size_t to) {
          return (static_cast<double>(k) + 0.5) * static_cast<double>(from) /
                     static_cast<double>(to) -
                 0.5;
        };
        const double level = bilinear(image, at(x, image.width, spec.width),
                                      at(y, image.height, spec.height), channel);
        planes.push_back((level - static_cast<double>(spec.mean[plane])) /
                         static_cast<double>(spec.deviation[plane]));
      }
    }
  }
  return planes;
}

void check_against_reference(const Image& image, const InputSpec& spec) {
  INFO(image.width << " x " << image.height << ", " << image.sample_bytes << " bytes, to "
                   << spec.width << " x " << spec.height);
  std::vector<float> planes(spec.values(), std::numeric_limits<float>::quiet_NaN());
  prepare_input(image, spec, planes);
  const std::vector<double> expected = reference(image, spec);
  REQUIRE(planes.size() == expected.size());
  double largest = 0.0;
  for (std::size_t k = 0; k < planes.size(); ++k) {
    const std::size_t plane = k / (spec.width * spec.height);
    const double off = std::abs(static_cast<double>(planes[k]) - expected[k]) *
                       static_cast<double>(spec.deviation[plane]);
    largest = off <= largest ? largest : off;  // NaN too
  }
  CHECK(largest <= kTolerance);
}

}  // namespace

TEST_CASE("images are resized as the definition says", "[preprocessing]") {
  const auto [width, height] = GENERATE(table<std::size_t, std::size_t>(
      {{1, 1}, {1, 9}, {7, 1}, {2, 2}, {31, 45}, {224, 224}, {640, 360}, {225, 320}, {3, 1000}}));
  const std::size_t sample_bytes = GENERATE(1, 2);
  const Image image = random_image(width, height, sample_bytes, width * 1000 + height);
  check_against_reference(image, {});
  check_against_reference(image, {.width = 20, .height = 33});
  check_against_reference(image, {.width = 1, .height = 1});
  check_against_reference(image, {.width = 48,
                                  .height = 16,
                                  .order = ChannelOrder::rgb,
                                  .mean = {10.0F, 20.0F, 30.0F},
                                  .deviation = {255.0F, 58.0F, 0.5F}});
}

TEST_CASE("an image of the network's size stays as it is, less the mean", "[preprocessing]") {
  const Image image = random_image(5, 4, 1);
  const InputSpec bgr{.width = 5, .height = 4, .mean = {1.0F, 2.0F, 3.0F}};
  InputSpec rgb = bgr;
  rgb.order = ChannelOrder::rgb;
  std::vector<float> planes(bgr.values());
  std::vector<float> swapped(bgr.values());
  prepare_input(image, bgr, planes);
  prepare_input(image, rgb, swapped);
  for (std::size_t pixel = 0; pixel < 20; ++pixel) {
    for (std::size_t plane = 0; plane < 3; ++plane) {
      // The means are those of the planes, whatever channel they show.
      const float mean = bgr.mean[plane];
      CHECK(planes[plane * 20 + pixel] + mean ==
            static_cast<float>(image.bytes[3 * pixel + plane]));
      CHECK(swapped[plane * 20 + pixel] + mean ==
            static_cast<float>(image.bytes[3 * pixel + 2 - plane]));
    }
  }
}

TEST_CASE("16-bit samples keep their fractions, and white is 255", "[preprocessing]") {
  Image image{.width = 1, .height = 1, .sample_bytes = 2, .bytes = std::vector<std::uint8_t>(6)};
  const std::uint16_t samples[3] = {0, 12345, 65535};
  std::memcpy(image.bytes.data(), samples, sizeof samples);
  const InputSpec spec{.width = 2, .height = 3, .mean = {0.0F, 0.0F, 0.0F}};
  std::vector<float> planes(spec.values());
  prepare_input(image, spec, planes);
  for (std::size_t pixel = 0; pixel < 6; ++pixel) {
    CHECK(planes[pixel] == 0.0F);
    CHECK(planes[6 + pixel] == Approx(12345.0 / 257.0));
    CHECK(planes[12 + pixel] == Approx(255.0));
  }
}

TEST_CASE("an input that no network can want is named", "[preprocessing]") {
  CHECK(InputSpec{}.validate().empty());
  CHECK(!InputSpec{.width = 0}.validate().empty());
  CHECK(!InputSpec{.height = 4097}.validate().empty());
  CHECK(InputSpec{.width = 4096, .height = 1}.validate().empty());
  CHECK(!InputSpec{.mean = {0.0F, NAN, 0.0F}}.validate().empty());
  CHECK(!InputSpec{.mean = {0.0F, 0.0F, INFINITY}}.validate().empty());
  CHECK(!InputSpec{.deviation = {1.0F, 0.0F, 1.0F}}.validate().empty());
  CHECK(!InputSpec{.deviation = {1.0F, 1.0F, -1.0F}}.validate().empty());
  CHECK(!InputSpec{.deviation = {NAN, 1.0F, 1.0F}}.validate().empty());
}
