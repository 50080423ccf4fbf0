// Taggers in ONNX: a vision transformer in the shape of WD's, against sums made here in double.

#include <algorithm>
#include <cmath>
#include <memory>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"
#include "balse/tagging/engine.hpp"
#include "balse/tagging/onnx_runtime.hpp"

#include "support/errors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"
#include "tagging/sample_vit.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace onnx_test {
namespace {

/// Empty, having said so, where there is none.
std::string runtime() {
  try {
    return find_onnxruntime("");
  } catch (const Error& error) {
    skipped("ONNX models: there is no ONNX Runtime (scripts/install_onnxruntime.sh fetches it)");
    return {};
  }
}

const SampleVit& sample() {
  static const SampleVit kVit = [] {
    SampleVit vit;
    vit.fill(5);
    return vit;
  }();
  return kVit;
}

std::vector<float> pixels(std::size_t count, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> values(count * 448 * 448 * 3);
  for (float& value : values) {
    value = static_cast<float>(random.below(256));
  }
  return values;
}

OnnxSession session_of(const std::string& library, const std::string& model) {
  const TaggerDescription wd = *known_tagger("wd-v3");
  return {.runtime = library,
          .model = model,
          .plan = plan_onnx(read_onnx_model(model), wd, 10'861, model)};
}

void check_close(std::span<const float> found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  double largest = 0.0;
  for (std::size_t k = 0; k < found.size(); ++k) {
    largest = std::max(largest, std::abs(static_cast<double>(found[k]) - expected[k]));
  }
  CHECK(largest < 1e-4);
}

}  // namespace

TEST_CASE("a WD-shaped ONNX model gives what its sums are, in batches of any size",
          "[network][onnx]") {
  const std::string library = runtime();
  if (library.empty()) {
    return;
  }
  const TemporaryFolder folder;
  const std::string model = folder.write("model.onnx", sample().onnx());
  OnnxSession session = session_of(library, model);
  CHECK(session.plan.tags == 10'861);
  CHECK(session.plan.fixed_batch == 0);
  CHECK(session.plan.spec.layout == Layout::nhwc);
  session.embedding = onnx_features(model, "output").value_or("");
  CHECK(session.embedding == "pooled");
  const std::unique_ptr<Network> network =
      onnx_engine(session, {.threads = 2, .batch = 3, .features = true});
  REQUIRE(network->outputs() == 10'861);
  REQUIRE(network->features() == 32);
  constexpr std::size_t kPictures = 5;
  const std::vector<float> inputs = pixels(kPictures, 1);
  std::vector<float> results(kPictures * (10'861 + 32));
  network->run(inputs, kPictures, results);
  double spread = 0.0;
  for (std::size_t k = 0; k < kPictures; ++k) {
    std::vector<double> features;
    const std::vector<double> expected = sample().run(inputs.data() + k * 448 * 448 * 3, &features);
    const std::span<const float> row(results.data() + k * (10'861 + 32), 10'861 + 32);
    check_close(row.first(10'861), expected);
    check_close(row.last(32), features);
    spread = std::max(spread, *std::max_element(expected.begin(), expected.end()) -
                                  *std::min_element(expected.begin(), expected.end()));
  }
  CHECK(spread > 0.5);  // or the comparison would say little
}

TEST_CASE("a model of a fixed batch runs however many pictures there are", "[network][onnx]") {
  const std::string library = runtime();
  if (library.empty()) {
    return;
  }
  const TemporaryFolder folder;
  const std::vector<float> inputs = pixels(3, 2);
  for (const std::int64_t batch : {std::int64_t{1}, std::int64_t{2}}) {
    SampleVit vit = sample();
    vit.batch = batch;
    const OnnxSession session = session_of(library, folder.write("model.onnx", vit.onnx()));
    CHECK(session.plan.fixed_batch == static_cast<std::size_t>(batch));
    const auto network = onnx_engine(session, {.threads = 1, .batch = 3});
    CHECK(network->outputs() == 10'861);
    CHECK(network->features() == 0);
    std::vector<float> results(3 * 10'861);
    network->run(inputs, 3, results);
    check_close(std::span<const float>(results).last(10'861),
                vit.run(inputs.data() + 2 * 448 * 448 * 3));
  }
}

TEST_CASE("what ONNX Runtime refuses is a sentence that names the model", "[network][onnx]") {
  const std::string library = runtime();
  if (library.empty()) {
    return;
  }
  const TemporaryFolder folder;
  const std::string whole = sample().onnx();
  const auto message = [&](const std::string& bytes) {
    const std::string model = folder.write("model.onnx", bytes);
    return std::string(
        error_of([&] { onnx_engine(session_of(library, model), {})->outputs(); }).what());
  };
  CHECK_THAT(message(whole.substr(0, whole.size() / 2)), Contains("ends early"));
  OnnxWriter unknown;
  unknown.input("input", {OnnxWriter::kFree, 448, 448, 3});
  unknown.output("output", {OnnxWriter::kFree, 10'861});
  unknown.node("NoSuchOperator", {"input"}, "output");
  CHECK_THAT(message(unknown.model()), Contains("model.onnx") && Contains("NoSuchOperator"));
  const std::string model = folder.write("model.onnx", whole);
  OnnxSession session = session_of(library, model);
  session.runtime = folder.write("libonnxruntime.so", "no library");
  const Error error = error_of([&] { onnx_engine(session, {})->outputs(); });
  CHECK(error.kind() == ErrorKind::no_input);
  CHECK_THAT(error.what(), Contains("cannot be loaded"));
  CHECK(error_of([&] { find_onnxruntime(folder.path("absent")); }).kind() == ErrorKind::no_input);
  CHECK(find_onnxruntime(folder.path()) == folder.path("libonnxruntime.so"));
}

}  // namespace onnx_test
