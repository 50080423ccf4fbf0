// The network through LibTorch (and oneDNN's Winograd convolutions) against OpenCV's own engine.

#include "balse/tagging/network.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"
#include "balse/tagging/caffemodel_importer.hpp"
#include "balse/tagging/imaging.hpp"
#include "balse/tagging/tagger_file.hpp"

#include "network/opencv_net.hpp"
#include "parity/shared_data.hpp"
#include "support/errors.hpp"
#include "support/random_tagger.hpp"
#include "support/temporary_folder.hpp"

namespace balse::network_test {
namespace {

using test::OpencvNet;
using test::random_tagger;

constexpr double kAgreement = 1e-5;

NetworkOptions options(bool winograd = true) {
  return {.threads = 2, .winograd = winograd};
}

void append_input(std::vector<float>& inputs, const Image& image) {
  const InputSpec spec;
  const std::size_t at = inputs.size();
  inputs.resize(at + spec.values());
  prepare_input(image, spec, std::span(inputs).subspan(at));
}

/// Stripes, a gradient and noise, of sizes that no network has.
std::vector<float> made_up_pictures(std::size_t count) {
  Random random(7);
  std::vector<float> inputs;
  for (std::size_t picture = 0; picture < count; ++picture) {
    Image image{.width = 150 + 40 * picture, .height = 331 - 20 * picture, .bytes = {}};
    for (std::size_t y = 0; y < image.height; ++y) {
      for (std::size_t x = 0; x < image.width; ++x) {
        image.bytes.push_back(static_cast<std::uint8_t>((x / (5 + picture)) % 2 * 200));
        image.bytes.push_back(static_cast<std::uint8_t>(255 * y / image.height));
        image.bytes.push_back(static_cast<std::uint8_t>(random.below(256)));
      }
    }
    append_input(inputs, image);
  }
  return inputs;
}

std::vector<float> file_input(const std::string& path) {
  const std::string text = test::read_file(path);
  std::vector<float> input;
  append_input(input, imaging().decode(std::as_bytes(std::span(text))));
  return input;
}

/// All pictures of the shared folder that can be decoded, and the check image.
std::vector<float> shared_pictures() {
  std::vector<float> inputs;
  if (!test::has_shared_data()) {
    return inputs;
  }
  const auto add = [&](const std::string& path) {
    try {
      const std::vector<float> input = file_input(path);
      inputs.insert(inputs.end(), input.begin(), input.end());
    } catch (const Error&) {  // some are broken on purpose
    }
  };
  add(test::shared_path("data/i2v/miku.jpg"));
  for (const char* path : {"jpg/test.jpg", "jpg/test-cmyk-no-profile.jpg",
                           "jpg/test-grey-no-profile.jpg", "jpg/test-rotation-90cw.jpg",
                           "png/alpha.png", "png/test.png", "dupes/countergirl-progressive.jpg"}) {
    add(test::shared_path("data/images/") + path);
  }
  REQUIRE(inputs.size() >= 8 * InputSpec{}.values());
  return inputs;
}

std::vector<float> run(Network& network, const std::vector<float>& inputs) {
  const std::size_t count = inputs.size() / InputSpec{}.values();
  std::vector<float> probabilities(count * network.outputs());
  network.run(inputs, count, probabilities);
  return probabilities;
}

double largest_difference(const std::vector<float>& a, const std::vector<float>& b) {
  REQUIRE(a.size() == b.size());
  double largest = 0.0;
  for (std::size_t k = 0; k < a.size(); ++k) {
    const double difference = std::abs(static_cast<double>(a[k]) - static_cast<double>(b[k]));
    largest = std::isnan(difference) ? INFINITY : std::max(largest, difference);
  }
  return largest;
}

/// A network that answers the same to everything would agree with anything.
void check_spread(const std::vector<float>& probabilities) {
  const auto [low, high] = std::minmax_element(probabilities.begin(), probabilities.end());
  CHECK(*low < 0.2F);
  CHECK(*high > 0.8F);
}

bool is_same(const Illustration2VecWeights& a, const Illustration2VecWeights& b) {
  return std::equal(a.layers.begin(), a.layers.end(), b.layers.begin(), b.layers.end(),
                    [](const ConvolutionWeights& left, const ConvolutionWeights& right) {
                      return left.outputs == right.outputs && left.inputs == right.inputs &&
                             left.weights == right.weights && left.biases == right.biases;
                    });
}

TEST_CASE("the full-size network agrees with OpenCV's engine, from both encodings", "[network]") {
  const Illustration2VecWeights weights = random_tagger(test::kFullWidths);
  REQUIRE(weights.parameters() == 47001475);
  std::vector<float> inputs = made_up_pictures(2);
  const std::vector<float> real = shared_pictures();
  inputs.insert(inputs.end(), real.begin(), real.end());
  for (const CaffeEncoding encoding : {CaffeEncoding::v1, CaffeEncoding::v2}) {
    const std::string model = caffemodel_bytes(weights, encoding);
    Illustration2VecWeights imported =
        caffemodel_importer().import_caffemodel(std::as_bytes(std::span(model)), "full.caffemodel");
    REQUIRE(is_same(imported, weights));
    const std::vector<float> expected = OpencvNet(weights, model).run(inputs);
    check_spread(expected);
    // With Winograd's algorithm where the processor has it, and without.
    const bool winograd = encoding == CaffeEncoding::v1;
    const auto network = inference().illustration2vec(std::move(imported), options(winograd));
    REQUIRE(network->outputs() == 1539);
    const double difference = largest_difference(run(*network, inputs), expected);
    WARN("largest difference from OpenCV" << (winograd ? ", Winograd" : "") << ": " << difference);
    CHECK(difference < kAgreement);
  }
}

TEST_CASE("a picture's probabilities do not depend on what else is in its batch", "[network]") {
  const auto network = inference().illustration2vec(random_tagger(test::kFullWidths), options());
  const std::vector<float> inputs = made_up_pictures(3);
  const std::vector<float> together = run(*network, inputs);
  const std::size_t values = InputSpec{}.values();
  for (std::size_t picture = 0; picture < 3; ++picture) {
    const auto begin = inputs.begin() + static_cast<std::ptrdiff_t>(picture * values);
    const std::vector<float> alone =
        run(*network, {begin, begin + static_cast<std::ptrdiff_t>(values)});
    const auto row = together.begin() + static_cast<std::ptrdiff_t>(picture * 1539);
    CHECK(largest_difference(alone, {row, row + 1539}) < 1e-6);
  }
}

TEST_CASE("narrow networks of odd widths agree with OpenCV's engine", "[network]") {
  const Illustration2VecWeights weights =
      random_tagger({8, 16, 5, 24, 7, 32, 33, 48, 64, 9, 64, 11}, 3);
  const std::vector<float> inputs = made_up_pictures(5);
  const std::vector<float> expected = OpencvNet(weights, CaffeEncoding::v2).run(inputs);
  check_spread(expected);
  const auto network = inference().illustration2vec(weights, options());
  CHECK(largest_difference(run(*network, inputs), expected) < kAgreement);
}

TEST_CASE("the demo tagger agrees with OpenCV's engine", "[network]") {
  const std::string path = std::string(BALSE_SOURCE_DIR) + "/models/demo/demo_tagger.caffemodel";
  const Illustration2VecWeights weights = read_illustration2vec(path).weights;
  std::vector<float> inputs = made_up_pictures(4);
  const std::vector<float> real = shared_pictures();
  inputs.insert(inputs.end(), real.begin(), real.end());
  const std::vector<float> expected = OpencvNet(weights, test::read_file(path)).run(inputs);
  const auto network = inference().illustration2vec(weights, options());
  CHECK(largest_difference(run(*network, inputs), expected) < kAgreement);
}

TEST_CASE("bfloat16 moves probabilities a little, or is refused", "[network]") {
  const Illustration2VecWeights weights = random_tagger(test::kFullWidths);
  NetworkOptions narrow = options();
  narrow.precision = Precision::bfloat16;
  if (__builtin_cpu_supports("avx512bf16") == 0) {
    const Error error = test::error_of([&] { inference().illustration2vec(weights, narrow); });
    CHECK(error.kind() == ErrorKind::usage);
    return;
  }
  const std::vector<float> inputs = made_up_pictures(2);
  const auto exact = inference().illustration2vec(weights, options());
  const auto rounded = inference().illustration2vec(weights, narrow);
  const double largest = largest_difference(run(*rounded, inputs), run(*exact, inputs));
  WARN("largest change of a probability by bfloat16: " << largest);
  CHECK(largest > 1e-5);
  CHECK(largest < 0.05);
}

TEST_CASE("a device that is not there is refused", "[network]") {
  NetworkOptions elsewhere = options();
  elsewhere.device = Device::cuda;
  const Error error = test::error_of([&] {
    inference().illustration2vec(random_tagger({4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4}), elsewhere);
  });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK(error.parts().found.find("CUDA") != std::string::npos);
}

}  // namespace
}  // namespace balse::network_test
