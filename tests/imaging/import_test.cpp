// .caffemodel files of other hands: read bit for bit, or an Error, never a crash or a large
// allocation.

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/tagging/caffemodel_importer.hpp"

#include "imaging/image_files.hpp"
#include "imaging/limited_memory.hpp"
#include "support/captured_stderr.hpp"
#include "support/errors.hpp"
#include "tagging/caffemodel_writer.hpp"
#include "tagging/sample_tagger.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;
using namespace std::string_literals;

namespace import_test {
namespace {

Illustration2VecWeights import(const std::string& file) {
  return caffemodel_importer().import_caffemodel(bytes_of(file), "tagger.caffemodel");
}

std::string refusal_of(const std::string& file) {
  const CapturedStderr captured;
  const Error error = error_of([&] { import(file); });
  CHECK(error.kind() == ErrorKind::bad_data);
  CHECK_THAT(error.what(), Contains("tagger.caffemodel"));
  CHECK(captured.text() == "");
  return error.what();
}

std::string number(std::uint64_t value) {
  std::string bytes;
  for (; value >= 0x80; value >>= 7) {
    bytes += static_cast<char>((value & 0x7f) | 0x80);
  }
  return bytes + static_cast<char>(value);
}

/// A field of bytes, as protocol buffers write it.
std::string field(std::uint32_t field, const std::string& bytes) {
  return number(field * 8 + 2) + number(bytes.size()) + bytes;
}

/// A layer of the new encoding: a kernel that claims these dimensions, and so many floats.
std::string layer(const std::string& name, const std::vector<std::uint64_t>& shape,
                  std::size_t floats) {
  std::string dimensions;
  for (const std::uint64_t dimension : shape) {
    dimensions += number(dimension);
  }
  const std::string kernel =
      field(5, std::string(4 * floats, '\0')) + field(7, field(1, dimensions));
  const std::uint64_t outputs = shape.empty() ? 1 : std::min<std::uint64_t>(shape[0], floats);
  const std::string bias =
      field(5, std::string(4 * outputs, '\0')) + field(7, field(1, number(outputs)));
  return field(100, field(1, name) + field(2, "Convolution") + field(7, kernel) + field(7, bias));
}

/// A tagger with one of its layers replaced by other bytes.
std::string with_layer(std::size_t replaced, const std::string& bytes) {
  Illustration2VecWeights weights = sample_tagger(2, 3);
  std::string file;
  for (std::size_t k = 0; k < weights.layers.size(); ++k) {
    file += k == replaced ? bytes
                          : layer(std::string(kIllustration2VecLayers[k].name),
                                  {weights.layers[k].outputs, weights.layers[k].inputs, 3, 3},
                                  weights.layers[k].weights.size());
  }
  return file;
}

}  // namespace

TEST_CASE("both encodings are read bit for bit", "[import]") {
  for (const std::uint32_t width : {1, 4, 130}) {
    const Illustration2VecWeights weights = sample_tagger(width, 5);
    for (const CaffeEncoding encoding : {CaffeEncoding::v1, CaffeEncoding::v2}) {
      const CapturedStderr captured;
      CHECK(same_weights(import(caffemodel_bytes(weights, encoding)), weights));
      CHECK(captured.text() == "");
    }
  }
}

TEST_CASE("layers of a training net, and their order, do not matter", "[import]") {
  Illustration2VecWeights weights = sample_tagger(2, 3);
  const std::string more =
      field(100, field(1, "data") + field(2, "Data")) + layer("fc8", {1, 1, 1, 7}, 7) +
      field(100, field(1, "conv1_1") + field(2, "Split"));  // of the name, without weights
  for (const CaffeEncoding encoding : {CaffeEncoding::v1, CaffeEncoding::v2}) {
    const std::string file = caffemodel_bytes(weights, encoding);
    CHECK(same_weights(import(file + (encoding == CaffeEncoding::v2 ? more : "")), weights));
  }
  const std::string file = caffemodel_bytes(weights, CaffeEncoding::v2);
  CHECK(same_weights(import(more + file), weights));
}

TEST_CASE("a file that is no tagger is refused in a sentence", "[import]") {
  CHECK_THAT(refusal_of(""), Contains("no layer with weights"));
  CHECK_THAT(refusal_of("hello, this is a text\n"), Contains("no .caffemodel"));
  CHECK_THAT(refusal_of(field(1, "a net")), Contains("no layer with weights"));
  CHECK_THAT(refusal_of(layer("conv1", {1, 1, 3, 3}, 9)), Contains("no layer conv1_1"));
  CHECK_THAT(refusal_of(with_layer(4, "")), Contains("no layer conv4_1"));
  const Illustration2VecWeights weights = sample_tagger(2, 3);
  const std::string file = caffemodel_bytes(weights, CaffeEncoding::v2);
  CHECK_THAT(refusal_of(file + layer("conv4_1", {2, 2, 3, 3}, 36)),
             Contains("more than one layer conv4_1"));
  CHECK_THAT(refusal_of(file + caffemodel_bytes(weights, CaffeEncoding::v1)),
             Contains("more than one layer"));
}

TEST_CASE("shapes that do not fit are refused", "[import]") {
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {2, 2, 5, 5}, 100))), Contains("3 x 3"));
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {2, 18}, 36))), Contains("3 x 3"));
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {2, 2, 9, 1}, 36))), Contains("3 x 3"));
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {2, 1, 3, 3}, 18))), Contains("conv4_2"));
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {2, 2, 3, 3}, 35))), Contains("conv4_2"));
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {}, 36))), Contains("conv4_2"));
  CHECK_THAT(refusal_of(with_layer(5, layer("conv4_2", {0, 2, 3, 3}, 0))), Contains("conv4_2"));
}

TEST_CASE("numbers that are none are refused", "[import]") {
  for (const float value :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()}) {
    Illustration2VecWeights weights = sample_tagger(2, 3);
    weights.layers[6].weights[5] = value;
    CHECK_THAT(refusal_of(caffemodel_bytes(weights, CaffeEncoding::v1)), Contains("conv5_1"));
    weights = sample_tagger(2, 3);
    weights.layers[11].biases[2] = value;
    CHECK_THAT(refusal_of(caffemodel_bytes(weights, CaffeEncoding::v2)), Contains("conv6_4"));
  }
}

TEST_CASE("a shape that claims terabytes takes no memory", "[import]") {
  const std::uint64_t big = std::uint64_t{1} << 31;
  for (const std::vector<std::uint64_t>& shape :
       std::vector<std::vector<std::uint64_t>>{{big, big, 3, 3},
                                               {100'000, 100'000, 3, 3},
                                               {UINT64_MAX, UINT64_MAX, 3, 3},
                                               {big * 2, big * 2, 3, 3},  // 0 modulo 2^64
                                               {20'000, 20'000, 3, 3}}) {
    const auto message =
        in_limited_memory([&] { return refusal_of(with_layer(5, layer("conv4_2", shape, 36))); });
    REQUIRE(message);
    CHECK_THAT(*message, Contains("conv4_2"));
  }
  // Lengths beyond the end of the file.
  for (const std::uint64_t length : {std::uint64_t{1} << 20, big, UINT64_MAX}) {
    const auto message = in_limited_memory(
        [&] { return refusal_of(number(100 * 8 + 2) + number(length) + "few bytes"); });
    REQUIRE(message);
    CHECK_THAT(*message, Contains("ends early"));
  }
}

TEST_CASE("a .caffemodel that ends early is refused wherever it ends", "[import]") {
  const Illustration2VecWeights weights = sample_tagger(2, 3);
  for (const CaffeEncoding encoding : {CaffeEncoding::v1, CaffeEncoding::v2}) {
    const std::string file = caffemodel_bytes(weights, encoding);
    for (std::size_t size = 0; size < file.size(); size += 1 + size / 40) {
      refusal_of(file.substr(0, size));
    }
    refusal_of(file.substr(0, file.size() - 1));
  }
}

TEST_CASE("changed or random bytes are weights or an error", "[import]") {
  Random random(9);
  const Illustration2VecWeights weights = sample_tagger(1, 2);
  const CapturedStderr captured;
  const auto survives = [](const std::string& file) {
    try {
      const Illustration2VecWeights read = import(file);
      CHECK(read.validate().empty());
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
    }
  };
  for (int round = 0; round < 1500; ++round) {
    std::string file =
        caffemodel_bytes(weights, round % 2 == 0 ? CaffeEncoding::v1 : CaffeEncoding::v2);
    for (std::uint64_t changes = 1 + random.below(3); changes > 0; --changes) {
      file[random.below(file.size())] = static_cast<char>(random.below(256));
    }
    survives(file);
  }
  for (int round = 0; round < 500; ++round) {
    std::string file(random.below(200), '\0');
    for (char& byte : file) {
      byte = static_cast<char>(random.below(256));
    }
    survives(file);
  }
  CHECK(captured.text() == "");
}

}  // namespace import_test
