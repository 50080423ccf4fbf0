// What is read of ONNX files without ONNX Runtime.

#include "balse/tagging/onnx_model.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/tagging/tagger_file.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"
#include "tagging/sample_vit.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace onnx_model_test {
namespace {

std::string small_model() {
  SampleVit vit{.side = 32, .patch = 16, .width = 4, .blocks = 1, .tags = 6};
  vit.fill(1);
  return vit.onnx();
}

OnnxPlan plan_of(const OnnxWriter& writer, const TaggerDescription& tagger, std::size_t tags) {
  const TemporaryFolder folder;
  const std::string path = folder.write("model.onnx", writer.model());
  return plan_onnx(read_onnx_model(path), tagger, tags, path);
}

OnnxWriter model_of(const OnnxWriter::Shape& input, const OnnxWriter::Shape& output) {
  OnnxWriter writer;
  writer.input("pictures", input);
  writer.output("tags", output);
  return writer;
}

}  // namespace

TEST_CASE("an ONNX file tells its input and output, layout, size and batch", "[onnx_model]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("model.onnx", small_model());
  CHECK(tagger_format(path) == TaggerFormat::onnx);
  const OnnxModel model = read_onnx_model(path);
  CHECK(model.format == 8);
  CHECK(model.opset == 17);
  CHECK(model.producer == "balse's tests");
  REQUIRE(model.inputs.size() == 1);  // and none of the weights
  CHECK(model.inputs[0].shape == std::vector<std::int64_t>{OnnxTensor::kFree, 32, 32, 3});
  CHECK(onnx_features(path, "output") == "pooled");
  CHECK(!onnx_features(path, "nothing"));
  const TaggerDescription wd = *known_tagger("wd-v3");
  const OnnxPlan plan = plan_onnx(model, wd, 6, path);
  CHECK(plan.input == "input");
  CHECK(plan.output == "output");
  CHECK(plan.tags == 6);
  CHECK(plan.spec.width == 32);
  constexpr std::int64_t kFree = OnnxTensor::kFree;
  const OnnxPlan nchw = plan_of(model_of({4, 3, 100, 100}, {4, 7}), wd, 7);
  CHECK(nchw.spec.layout == Layout::nchw);
  CHECK(nchw.spec.height == 100);
  CHECK(nchw.fixed_batch == 4);
  // What the model leaves open is as described.
  const OnnxPlan open = plan_of(model_of({kFree, kFree, kFree, 3}, {kFree, kFree}), wd, 7);
  CHECK(open.spec.layout == Layout::nhwc);
  CHECK(open.spec.width == 448);
  CHECK(open.tags == 0);
  CHECK(open.fixed_batch == 0);
}

TEST_CASE("of several outputs the one with the tags is taken, by name, place or size",
          "[onnx_model]") {
  OnnxWriter writer = model_of({1, 3, 448, 448}, {1, 7});
  writer.output("embedding", {1, 1024});
  writer.output("logits", {1, 7});
  TaggerDescription tagger = *known_tagger("pixai");  // it names its output "logits"
  CHECK(plan_of(writer, tagger, 7).output == "logits");
  tagger.output = "0";
  CHECK(plan_of(writer, tagger, 7).output == "tags");
  tagger.output = "prediction";
  CHECK_THAT(error_of([&] { plan_of(writer, tagger, 7); }).what(),
             Contains("embedding (1 x 1024)") && Contains("prediction"));
  tagger.output = "";
  CHECK(plan_of(writer, tagger, 1024).output == "embedding");
  CHECK_THAT(error_of([&] { plan_of(writer, tagger, 7); }).what(), Contains("one of 7 values"));
}

TEST_CASE("models that take no pictures are refused in a sentence", "[onnx_model]") {
  const TaggerDescription wd = *known_tagger("wd-v3");
  const auto message = [&](const OnnxWriter& writer) {
    return std::string(error_of([&] { plan_of(writer, wd, 7); }).what());
  };
  CHECK_THAT(message(model_of({1, 768}, {1, 7})), Contains("pictures x channels x height x width"));
  CHECK_THAT(message(model_of({1, 4, 448, 448}, {1, 7})), Contains("three channels"));
  CHECK_THAT(message(model_of({1, 3, 448, 100'000}, {1, 7})), Contains("100000"));
  OnnxWriter two = model_of({1, 3, 448, 448}, {1, 7});
  two.input("mask", {1, 448});
  CHECK_THAT(message(two), Contains("mask (1 x 448)"));
  OnnxWriter none;
  none.input("pictures", {1, 3, 448, 448});
  CHECK_THAT(message(none), Contains("outputs none"));
  const TemporaryFolder folder;
  CHECK(error_of([&] {
          read_onnx_model(folder.write("a", "\x08\x08\x3a\xff\xff\xff\x7f"));
        }).kind() == ErrorKind::bad_data);
}

TEST_CASE("a broken ONNX file is an error or a plan, whatever is wrong with it", "[onnx_model]") {
  const TemporaryFolder folder;
  const std::string whole = small_model();
  const TaggerDescription wd = *known_tagger("wd-v3");
  Random random(7);
  int errors = 0;
  constexpr int kRuns = 2000;
  for (int run = 0; run < kRuns; ++run) {
    std::string bytes = whole;
    for (std::uint64_t changes = random.below(4) + 1; changes > 0; --changes) {
      // Names, shapes and lengths are near the beginning and the end; weights in between.
      const std::uint64_t place = random.below(2) == 0
                                      ? random.below(std::min<std::size_t>(400, bytes.size()))
                                      : random.below(bytes.size());
      bytes[place] = static_cast<char>(random.below(256));
    }
    if (random.below(4) == 0) {
      bytes.resize(random.below(bytes.size()));
    }
    const std::string path = folder.write("model.onnx", bytes);
    try {
      const OnnxPlan plan = plan_onnx(read_onnx_model(path), wd, 6, path);
      CHECK(plan.spec.validate().empty());
      onnx_features(path, plan.output);
    } catch (const Error& error) {
      ++errors;
      CHECK(error.kind() == ErrorKind::bad_data);
    }
  }
  CHECK(errors > kRuns / 10);
  CHECK(errors < kRuns);
}

}  // namespace onnx_model_test
