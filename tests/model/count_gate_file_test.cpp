// Weights by count in a model: trained, in a file, and in files that are not what fit wrote.

#include <vector>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/sample_model.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace count_gate_file_test {
namespace {

const SampleModel& sample() {
  static const SampleModel kSample;
  return kSample;
}

const Training& training() {
  static const TagMatrix kAligned = align_tags(sample().tags, sample().ratings.items);
  static const Training kTraining = [] {
    TrainingOptions options = sample().options;
    options.model.gate.method = GateMethod::by_count;
    return train(sample().ratings, &kAligned, sample().parts, options);
  }();
  return kTraining;
}

FittedModel fitted() {
  return FittedModel(sample().ratings, sample().parts, training(), sample().tags, std::nullopt,
                     sample().options.model);
}

void write(const std::string& path, const TrainedModel& model) {
  AtomicFile file(path);
  write_model(file, model, {});
  file.commit();
}

/// The model with other arrays of the gate.
TrainedModel with_gate(const TrainedModel& model, const std::vector<double>& levels,
                       std::size_t columns, bool sigmoid = false) {
  TrainedModel changed = model;
  Parameters& gate = changed.parameters[index_of(Model::balse)];
  const auto counts = gate.counts(SteinsBlend::kCounts);
  Parameters other;
  if (sigmoid) {
    other.add(SteinsBlend::kGate, std::vector<double>{0.5, 0.5});
  }
  if (!levels.empty()) {
    other.add(SteinsBlend::kByCount, levels, columns);
  }
  other.add(SteinsBlend::kCounts, std::vector<std::uint32_t>(counts.begin(), counts.end()));
  gate = other;
  return changed;
}

}  // namespace

TEST_CASE("the blend by count weighs as its levels say", "[gate][by-count]") {
  const FittedModel model = fitted();
  const Parameters& gate = model.model().parameters[index_of(Model::balse)];
  CHECK(gate.vector(SteinsBlend::kGate).empty());
  const CountGate levels = SteinsBlend::count_gate_of(gate);
  REQUIRE(levels.from.size() > 1);
  CHECK(levels.from == training().gate_summary.by_count.from);
  CHECK(levels.weight == training().gate_summary.by_count.weight);
  CHECK(training().gate_summary.rmse <= training().gate_summary.sigmoid_rmse);
  const Predictors predictors = model.model().predictors();
  for (std::uint32_t user = 0; user <= model.model().users.size(); ++user) {
    for (std::uint32_t item = 0; item <= model.model().items.size(); ++item) {
      const auto& counts = training().item_counts;
      const double w = levels.weight_at(item < counts.size() ? counts[item] : 0);
      const double als = predictors.find(Model::als)->predict(user, item);
      const double lasso = predictors.find(Model::lasso)->predict(user, item);
      REQUIRE(predictors.find(Model::balse)->predict(user, item) ==
              Approx(w * als + (1.0 - w) * lasso).epsilon(1e-12));
    }
  }
}

TEST_CASE("ALS, LASSO and the sigmoid are what they are without weights by count",
          "[gate][by-count]") {
  const TrainedModel& other = sample().model();
  const SteinsGate sigmoid = SteinsBlend::gate_of(other.parameters[index_of(Model::balse)]);
  CHECK(training().gate_summary.gate.slope == sigmoid.slope);
  CHECK(training().gate_summary.gate.offset == sigmoid.offset);
  CHECK(SteinsBlend::count_gate_of(other.parameters[index_of(Model::balse)]).empty());
  const FittedModel model = fitted();
  for (const Model block : {Model::als, Model::lasso}) {
    CHECK(model.model().predictors().find(block)->predict(3, 7) ==
          other.predictors().find(block)->predict(3, 7));
  }
}

TEST_CASE("weights by count are the same bits at any number of threads", "[gate][by-count]") {
  const TagMatrix aligned = align_tags(sample().tags, sample().ratings.items);
  TrainingOptions options = sample().options;
  options.model.gate.method = GateMethod::by_count;
  options.threads = 3;
  const Training again = train(sample().ratings, &aligned, sample().parts, options);
  CHECK(again.gate_summary.by_count.from == training().gate_summary.by_count.from);
  CHECK(again.gate_summary.by_count.weight == training().gate_summary.by_count.weight);
}

TEST_CASE("weights by count come back from a file as they were", "[gate][by-count][model-file]") {
  const TemporaryFolder folder;
  const FittedModel model = fitted();
  write(folder.path("model"), model.model());
  const ModelFile file(folder.path("model"));
  CHECK(file.file().has("gate.by_count"));
  CHECK_FALSE(file.file().has("gate"));
  const Predictors before = model.model().predictors();
  const Predictors after = file.model().predictors();
  for (std::uint32_t user = 0; user <= model.model().users.size(); ++user) {
    for (std::uint32_t item = 0; item <= model.model().items.size(); ++item) {
      REQUIRE(before.find(Model::balse)->predict(user, item) ==
              after.find(Model::balse)->predict(user, item));
    }
  }
  // Written again, the same bytes.
  write(folder.path("again"), file.model());
  CHECK(read_file(folder.path("again")) == read_file(folder.path("model")));
}

TEST_CASE("weights by count that no fit leaves are refused", "[gate][by-count][model-file]") {
  const TemporaryFolder folder;
  const FittedModel model = fitted();
  const auto opens = [&](const std::vector<double>& levels, std::size_t columns,
                         bool sigmoid = false) {
    write(folder.path("model"), with_gate(model.model(), levels, columns, sigmoid));
    const ModelFile file(folder.path("model"));
  };
  CHECK_NOTHROW(opens({0, 1, 0.25, 0.5}, 2));
  CHECK_NOTHROW(opens({}, 0, true));
  const auto refuses = [&](const std::vector<double>& levels, std::size_t columns,
                           bool sigmoid = false) {
    const Error error = error_of([&] { opens(levels, columns, sigmoid); });
    CHECK(error.kind() == ErrorKind::bad_data);
    CHECK_THAT(error.what(), Contains("gate") && Contains("does not fit"));
  };
  refuses({1, 0, 0.25, 0.5}, 2);        // counts fall
  refuses({1, 1, 0.25, 0.5}, 2);        // a count twice
  refuses({-1, 1, 0.25, 0.5}, 2);       // no count
  refuses({0, 1, 0.5, 0.25}, 2);        // weights fall
  refuses({0, 1, -0.25, 0.5}, 2);       // below 0
  refuses({0, 1, 0.25, 1.5}, 2);        // above 1
  refuses({0, 1, 0.25, 0.5}, 1);        // four rows
  refuses({0, 1, 0.25, 0.5}, 2, true);  // and a sigmoid as well
  refuses({}, 0);                       // neither
}

}  // namespace count_gate_file_test
