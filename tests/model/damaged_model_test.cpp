// Models that are not what fit wrote, and models of former versions of this program.

#include <cmath>
#include <filesystem>
#include <limits>
#include <string>

#include <catch2/catch.hpp>

#include "balse/model/model_file.hpp"

#include "support/errors.hpp"
#include "support/sample_model.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

const std::string kVersion1 = BALSE_SOURCE_DIR "/tests/model/files/version1.balse.safetensors";

/// Flips one bit of every `step`th byte in turn and counts the models that open all the same.
std::size_t unnoticed_flips(const TemporaryFolder& folder, const std::string& bytes,
                            std::size_t step) {
  std::size_t unnoticed = 0;
  for (std::size_t at = 0; at < bytes.size(); at += step) {
    std::string damaged = bytes;
    damaged[at] = static_cast<char>(damaged[at] ^ 1 << at % 8);
    const std::string path = folder.write("damaged", damaged);
    try {
      const ModelFile model(path);
      ++unnoticed;
      UNSCOPED_INFO("byte " << at << " may be anything");
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::bad_data);
    }
  }
  return unnoticed;
}

}  // namespace

TEST_CASE("a model with any bit flipped is refused when it is opened", "[model-file]") {
  const TemporaryFolder folder;
  SampleModel().write(folder.path("model"));
  CHECK(unnoticed_flips(folder, read_file(folder.path("model")), 5) == 0);
}

TEST_CASE("so is one from before there was a quick checksum", "[model-file]") {
  const TemporaryFolder folder;
  const std::string bytes = read_file(kVersion1);
  REQUIRE(bytes.find("checksum.quick") == std::string::npos);
  // The header's own digest, the last 32 bytes, is of no use where the header is read already.
  CHECK(unnoticed_flips(folder, bytes, 11) == 0);
}

TEST_CASE("a model of version 1 predicts what it did when it was written", "[model-file]") {
  const ModelFile file(kVersion1);
  const TrainedModel& model = file.model();
  const Predictors predictors = model.predictors();
  struct Expected {
    const char* user;
    const char* item;
    double prediction;
    double als;
    double lasso;
  };
  // As balse predict of that day printed them.
  for (const Expected& one : {Expected{"u0", "i0", 3.711683, 3.618119, 4.007640},
                              Expected{"u3", "i7", 4.155858, 3.765548, 5.000000},
                              Expected{"u11", "i21", 3.704357, 3.222222, 3.860165},
                              Expected{"u5", "i3", 1.378984, 1.368743, 1.401132}}) {
    const std::uint32_t user = model.users.find(one.user).value();
    const std::uint32_t item = model.items.find(one.item).value();
    CHECK(predictors.find(Model::balse)->predict(user, item) ==
          Approx(one.prediction).margin(1e-6));
    CHECK(predictors.find(Model::als)->predict(user, item) == Approx(one.als).margin(1e-6));
    CHECK(predictors.find(Model::lasso)->predict(user, item) == Approx(one.lasso).margin(1e-6));
  }
  CHECK(model.titles[model.items.find("i21").value()] == "Title 21, the first");
}

TEST_CASE("numbers that no training leaves are not written", "[model-file]") {
  const TemporaryFolder folder;
  for (const double number : {std::nan(""), std::numeric_limits<double>::infinity(), 1e200}) {
    const SampleModel sample;
    TrainedModel model = sample.model();
    Parameters& gate = model.parameters[index_of(Model::balse)];
    const auto counts = gate.counts(SteinsBlend::kCounts);
    Parameters changed;
    changed.add(SteinsBlend::kGate, std::vector<double>{1.0, number});
    changed.add(SteinsBlend::kCounts, std::vector<std::uint32_t>(counts.begin(), counts.end()));
    gate = changed;
    const std::string path = folder.write("model", "yesterday's");
    AtomicFile file(path);
    const Error error = error_of([&] { write_model(file, model, {}); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("gate") && Contains("no model is written"));
    CHECK(read_file(path) == "yesterday's");
  }
}
