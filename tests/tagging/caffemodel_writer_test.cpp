#include "tagging/caffemodel_writer.hpp"

#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <catch2/catch.hpp>

#include "tagging/sample_tagger.hpp"

using namespace balse;
using namespace balse::test;
using namespace std::string_literals;

namespace {

/// A message of protocol buffers: numbers and bytes by field, in their order.
struct Message {
  std::map<unsigned, std::vector<std::uint64_t>> numbers;
  std::map<unsigned, std::vector<std::string_view>> bytes;
};

std::uint64_t take_number(std::string_view& rest) {
  std::uint64_t value = 0;
  for (unsigned shift = 0;; shift += 7) {
    REQUIRE(!rest.empty());
    const auto byte = static_cast<unsigned char>(rest.front());
    rest.remove_prefix(1);
    value |= std::uint64_t{byte & 0x7fU} << shift;
    if (byte < 0x80) {
      return value;
    }
  }
}

Message parse(std::string_view rest) {
  Message message;
  while (!rest.empty()) {
    const std::uint64_t key = take_number(rest);
    const std::uint64_t value = take_number(rest);
    if (key % 8 == 0) {
      message.numbers[key / 8].push_back(value);
      continue;
    }
    REQUIRE(key % 8 == 2);
    REQUIRE(value <= rest.size());
    message.bytes[key / 8].push_back(rest.substr(0, value));
    rest.remove_prefix(value);
  }
  return message;
}

std::vector<float> floats(std::string_view bytes) {
  std::vector<float> values(bytes.size() / 4);
  std::memcpy(values.data(), bytes.data(), bytes.size());
  return values;
}

}  // namespace

TEST_CASE("a .caffemodel of the old encoding has the fields that caffe.proto names",
          "[caffemodel_writer]") {
  const Illustration2VecWeights weights = sample_tagger(20, 5);
  const std::string bytes = caffemodel_bytes(weights, CaffeEncoding::v1);
  const Message net = parse(bytes);
  CHECK(net.bytes.count(100) == 0);
  const auto& layers = net.bytes.at(2);
  REQUIRE(layers.size() == 12);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const ConvolutionWeights& expected = weights.layers[k];
    const Message layer = parse(layers[k]);
    CHECK(layer.bytes.at(4).at(0) == kIllustration2VecLayers[k].name);
    CHECK(layer.numbers.at(5).at(0) == 4);  // CONVOLUTION
    REQUIRE(layer.bytes.at(6).size() == 2);
    const Message kernel = parse(layer.bytes.at(6)[0]);
    CHECK(kernel.numbers.at(1).at(0) == expected.outputs);
    CHECK(kernel.numbers.at(2).at(0) == expected.inputs);
    CHECK(kernel.numbers.at(3).at(0) == 3);
    CHECK(kernel.numbers.at(4).at(0) == 3);
    CHECK(floats(kernel.bytes.at(5).at(0)) == expected.weights);
    const Message bias = parse(layer.bytes.at(6)[1]);
    CHECK(bias.numbers.at(1).at(0) == 1);
    CHECK(bias.numbers.at(2).at(0) == 1);
    CHECK(bias.numbers.at(3).at(0) == 1);
    CHECK(bias.numbers.at(4).at(0) == expected.outputs);
    CHECK(floats(bias.bytes.at(5).at(0)) == expected.biases);
  }
}

TEST_CASE("a .caffemodel of the new encoding has the fields that caffe.proto names",
          "[caffemodel_writer]") {
  const Illustration2VecWeights weights = sample_tagger(150, 5);  // dimensions of two bytes
  const std::string bytes = caffemodel_bytes(weights, CaffeEncoding::v2);
  const Message net = parse(bytes);
  CHECK(net.bytes.count(2) == 0);
  const auto& layers = net.bytes.at(100);
  REQUIRE(layers.size() == 12);
  for (std::size_t k = 0; k < layers.size(); ++k) {
    const ConvolutionWeights& expected = weights.layers[k];
    const Message layer = parse(layers[k]);
    CHECK(layer.bytes.at(1).at(0) == kIllustration2VecLayers[k].name);
    CHECK(layer.bytes.at(2).at(0) == "Convolution");
    REQUIRE(layer.bytes.at(7).size() == 2);
    const auto shape = [](const Message& blob) {
      std::string_view rest = parse(blob.bytes.at(7).at(0)).bytes.at(1).at(0);
      std::vector<std::uint64_t> dimensions;
      while (!rest.empty()) {
        dimensions.push_back(take_number(rest));
      }
      return dimensions;
    };
    const Message kernel = parse(layer.bytes.at(7)[0]);
    CHECK(shape(kernel) == std::vector<std::uint64_t>{expected.outputs, expected.inputs, 3, 3});
    CHECK(floats(kernel.bytes.at(5).at(0)) == expected.weights);
    const Message bias = parse(layer.bytes.at(7)[1]);
    CHECK(shape(bias) == std::vector<std::uint64_t>{expected.outputs});
    CHECK(floats(bias.bytes.at(5).at(0)) == expected.biases);
  }
}

TEST_CASE("a layer's bytes, written by hand", "[caffemodel_writer]") {
  Illustration2VecWeights weights;
  weights.layers.push_back(
      {.outputs = 1, .inputs = 1, .weights = std::vector<float>(9, 1.0F), .biases = {-2.0F}});
  const std::string one = "\x00\x00\x80\x3f"s;
  const std::string ones = one + one + one + one + one + one + one + one + one;
  const std::string net = "\x0a\x0eillust2vec_tag";
  CHECK(caffemodel_bytes(weights, CaffeEncoding::v1) ==
        net + "\x12\x4b" + "\x22\x07"s + "conv1_1" + "\x28\x04" +
            ("\x32\x2e"
             "\x08\x01\x10\x01\x18\x03\x20\x03\x2a\x24" +
             ones) +
            "\x32\x0e"
            "\x08\x01\x10\x01\x18\x01\x20\x01\x2a\x04" +
            "\x00\x00\x00\xc0"s);
  CHECK(caffemodel_bytes(weights, CaffeEncoding::v2) ==
        net + "\xa2\x06\x53" + "\x0a\x07"s + "conv1_1" + "\x12\x0b" + "Convolution" +
            ("\x3a\x2e"
             "\x2a\x24" +
             ones + "\x3a\x06\x0a\x04\x01\x01\x03\x03") +
            "\x3a\x0b"
            "\x2a\x04" +
            "\x00\x00\x00\xc0"s + "\x3a\x03\x0a\x01\x01");
}
