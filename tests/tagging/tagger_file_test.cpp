#include "balse/tagging/tagger_file.hpp"

#include <cstring>
#include <limits>
#include <string>
#include <utility>

#include <catch2/catch.hpp>

#include "balse/data/safetensors.hpp"
#include "balse/data/sha256.hpp"
#include "balse/support/atomic_file.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"
#include "tagging/sample_tagger.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace tagger_file_test {
namespace {

const TagList kTags = {
    .names = {"long hair", "\"7\"", "é"},
    .categories = {TagCategory::general, TagCategory::rating, TagCategory::copyright}};

std::string written(const TemporaryFolder& folder, const Illustration2VecWeights& weights) {
  const std::string path = folder.path("tagger.safetensors");
  AtomicFile file(path);
  write_illustration2vec(file, weights, kTags);
  file.commit();
  return path;
}

/// Illustration2Vec's tensors, one of them of another shape.
std::string written_with(const TemporaryFolder& folder, const std::string& odd,
                         const std::vector<std::uint64_t>& shape, const std::string& kind) {
  const Illustration2VecWeights weights = sample_tagger(2, 3);
  SafetensorsWriter writer;
  writer.set_metadata("kind", kind);
  for (std::size_t k = 0; k < weights.layers.size(); ++k) {
    const ConvolutionWeights& layer = weights.layers[k];
    const std::string name(kIllustration2VecLayers[k].name);
    const auto add = [&](const std::string& tensor, std::vector<std::uint64_t> usual,
                         const std::vector<float>& values) {
      if (tensor != odd) {
        writer.add<float>(tensor, std::move(usual), values);
      } else if (!shape.empty()) {
        writer.add<float>(tensor, shape, values);
      }
    };
    add(name + ".weight", {layer.outputs, layer.inputs, 3, 3}, layer.weights);
    add(name + ".bias", {layer.outputs}, layer.biases);
  }
  const std::string path = folder.path("odd.safetensors");
  AtomicFile file(path);
  writer.write(file);
  file.commit();
  return path;
}

std::string message_for(const std::string& path) {
  const Error error = error_of([&] { read_illustration2vec(path); });
  CHECK(error.kind() == ErrorKind::bad_data);
  return error.what();
}

constexpr const char* kKind = "balse illustration2vec tagger 1";

}  // namespace

TEST_CASE("a tagger is read back from safetensors as it was", "[tagger_file]") {
  const TemporaryFolder folder;
  const Illustration2VecWeights weights = sample_tagger(3, 3);
  const std::string path = written(folder, weights);
  CHECK(tagger_format(path) == TaggerFormat::safetensors);
  const Illustration2VecTagger tagger = read_illustration2vec(path);
  CHECK(same_weights(tagger.weights, weights));
  REQUIRE(tagger.tags);
  CHECK(tagger.tags->names == kTags.names);
  CHECK(tagger.tags->categories == kTags.categories);
  CHECK_NOTHROW(read_illustration2vec(
      written_with(folder, "conv3_1.weight", {2, 2, 3, 3}, kKind)));  // as usual
}

TEST_CASE("any damaged byte of a tagger is noticed", "[tagger_file]") {
  const TemporaryFolder folder;
  const std::string bytes = read_file(written(folder, sample_tagger(1, 3)));
  std::size_t noticed = 0;
  std::size_t tried = 0;
  for (std::size_t at = 16; at < bytes.size(); at += 7) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x10);
    const std::string path = folder.write("damaged.safetensors", damaged);
    ++tried;
    try {
      read_illustration2vec(path);
      FAIL_CHECK("byte " << at << " may be anything");
    } catch (const Error& error) {
      noticed += error.kind() == ErrorKind::bad_data ? 1 : 0;
    }
  }
  CHECK(noticed == tried);
}

TEST_CASE("a tagger that ends early is noticed", "[tagger_file]") {
  const TemporaryFolder folder;
  const std::string bytes = read_file(written(folder, sample_tagger(1, 3)));
  for (std::size_t size = 10; size < bytes.size(); size += 1 + size / 9) {
    INFO(size);
    message_for(folder.write("short.safetensors", bytes.substr(0, size)));
  }
  message_for(folder.write("short.safetensors", bytes.substr(0, bytes.size() - 1)));
  message_for(folder.write("long.safetensors", bytes + '\0'));
}

TEST_CASE("tensors that are no Illustration2Vec tagger are refused", "[tagger_file]") {
  const TemporaryFolder folder;
  CHECK_THAT(message_for(written_with(folder, "", {}, "a model")), Contains("no tagger"));
  CHECK_THAT(message_for(written_with(folder, "conv4_1.bias", {}, kKind)),
             Contains("conv4_1.bias"));
  CHECK_THAT(message_for(written_with(folder, "conv4_1.weight", {}, kKind)),
             Contains("conv4_1.weight"));
  CHECK_THAT(message_for(written_with(folder, "conv2_1.weight", {4, 1, 3, 3}, kKind)),
             Contains("conv2_1"));
  CHECK_THAT(message_for(written_with(folder, "conv2_1.weight", {1, 4, 3, 3}, kKind)),
             Contains("conv2_1"));
  CHECK_THAT(message_for(written_with(folder, "conv2_1.weight", {2, 2, 9, 1}, kKind)),
             Contains("3 x 3"));
  CHECK_THAT(message_for(written_with(folder, "conv2_1.weight", {36}, kKind)),
             Contains("conv2_1.weight"));
  CHECK_THAT(message_for(written_with(folder, "conv6_4.bias", {3, 1}, kKind)),
             Contains("conv6_4.bias"));
}

TEST_CASE("the form of weights is told by their first bytes", "[tagger_file]") {
  const TemporaryFolder folder;
  CHECK(tagger_format(folder.write("a", "PK\3\4...")) == TaggerFormat::torchscript);
  CHECK(tagger_format(folder.write("b", std::string(8, '\1') + "{\"a\"")) ==
        TaggerFormat::safetensors);
  CHECK(tagger_format(folder.write("c", "")) == TaggerFormat::caffemodel);
  CHECK(tagger_format(folder.write("d", "PK")) == TaggerFormat::caffemodel);
  CHECK(error_of([&] { tagger_format(folder.path("absent")); }).kind() == ErrorKind::no_input);
}

TEST_CASE("fingerprints are SHA-256", "[tagger_file]") {
  // FIPS 180-2, appendix B.1.
  const std::string abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const TemporaryFolder folder;
  CHECK(text_fingerprint("abc") == abc);
  CHECK(file_fingerprint(folder.write("abc", "abc")) == abc);
}

TEST_CASE("what does not fit together in a tagger is named", "[illustration2vec]") {
  const Illustration2VecWeights good = sample_tagger(2, 5);
  CHECK(good.validate().empty());
  CHECK(good.outputs() == 5);
  CHECK(good.parameters() == (3 * 2 + 10 * 2 * 2 + 2 * 5) * 9 + 11 * 2 + 5);
  CHECK(Illustration2VecWeights{}.outputs() == 0);
  const auto problem = [&](const auto& change) {
    Illustration2VecWeights bad = good;
    change(bad.layers);
    return bad.validate();
  };
  CHECK_THAT(problem([](auto& layers) { layers.pop_back(); }), Contains("11 layers"));
  CHECK_THAT(problem([](auto& layers) { layers.push_back(layers.back()); }), Contains("13 layers"));
  CHECK_THAT(problem([](auto& layers) { layers[0].inputs = 1; }), Contains("conv1_1"));
  CHECK_THAT(problem([](auto& layers) { layers[3] = layers.back(); }), Contains("conv4_1"));
  CHECK_THAT(problem([](auto& layers) { layers[5].weights.pop_back(); }), Contains("conv4_2"));
  CHECK_THAT(problem([](auto& layers) { layers[5].biases.push_back(0.0F); }), Contains("conv4_2"));
  CHECK_THAT(problem([](auto& layers) { layers[11] = {0, 2, {}, {}}; }), Contains("conv6_4"));
  for (const float number :
       {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity(),
        -std::numeric_limits<float>::infinity()}) {
    CHECK_THAT(problem([&](auto& layers) { layers[7].weights[3] = number; }),
               Contains("conv5_2") && Contains("not finite"));
    CHECK_THAT(problem([&](auto& layers) { layers[7].biases[1] = number; }),
               Contains("conv5_2") && Contains("not finite"));
  }
  CHECK(problem([](auto& layers) {
          layers[7].weights[3] = std::numeric_limits<float>::max();
          layers[7].weights[4] = std::numeric_limits<float>::denorm_min();
        }).empty());
}

}  // namespace tagger_file_test
