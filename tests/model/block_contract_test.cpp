// What every block of the table promises, whoever wrote it.

#include <numeric>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/block_kind.hpp"
#include "balse/model/model_file.hpp"

#include "support/sample_model.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace {

/// All numbers of some parameters, in the order of the arrays.
std::vector<double> numbers_of(const Parameters& parameters, std::span<const ArraySpec> arrays) {
  std::vector<double> numbers;
  for (const ArraySpec& spec : arrays) {
    const auto values = parameters.matrix(spec).values;
    const auto counts = parameters.counts(spec);
    numbers.insert(numbers.end(), values.begin(), values.end());
    numbers.insert(numbers.end(), counts.begin(), counts.end());
  }
  return numbers;
}

std::vector<std::uint32_t> identity(std::size_t size) {
  std::vector<std::uint32_t> indices(size);
  std::iota(indices.begin(), indices.end(), 0u);
  return indices;
}

}  // namespace

TEST_CASE("names of the table are unique, and name the arrays", "[blocks]") {
  for (const Model model : kModels) {
    CHECK(model_of(name_of(model)) == model);
    CHECK_FALSE(title_of(model).empty());
  }
  for (const BlockKind& kind : block_kinds()) {
    for (const ArraySpec& spec : kind.arrays) {
      CHECK(spec.name.starts_with(std::string(kind.name) + "."));
    }
  }
}

TEST_CASE("every block is fitted to the same bits at any number of threads", "[blocks]") {
  const FullSampleModel sample;
  const TagMatrix aligned = align_tags(sample.tags, sample.ratings.items);
  for (const int threads : {2, 5}) {
    TrainingOptions options = sample.options;
    options.threads = threads;
    const Training training = train(sample.ratings, &aligned, sample.parts, options);
    for (const BlockKind& kind : block_kinds()) {
      INFO(kind.name << " with " << threads << " threads");
      const auto expected =
          numbers_of(sample.model().parameters[index_of(kind.model)], kind.arrays);
      CHECK(expected.empty() == kind.arrays.empty());
      CHECK(numbers_of(training.parameters[index_of(kind.model)], kind.arrays) == expected);
    }
  }
}

TEST_CASE("every block and blend predicts the same from its file", "[blocks]") {
  const TemporaryFolder folder;
  const FullSampleModel sample;
  sample.write(folder.path("model"));
  const ModelFile file(folder.path("model"));
  const Predictors fitted = sample.model().predictors();
  const Predictors mapped = file.model().predictors();
  for (const Model model : kModels) {
    INFO(name_of(model));
    REQUIRE(mapped.find(model) != nullptr);
    for (std::uint32_t user = 0; user <= sample.model().users.size(); ++user) {
      for (std::uint32_t item = 0; item <= sample.model().items.size(); ++item) {
        REQUIRE(mapped.find(model)->predict(user, item) == fitted.find(model)->predict(user, item));
      }
    }
  }
}

TEST_CASE("all models at once predict what each does alone", "[blocks]") {
  const FullSampleModel sample;
  const Predictors predictors = sample.model().predictors();
  JointPrediction joint(predictors, {kModels.begin(), kModels.end()});
  std::vector<double> values(kModels.size());
  const std::vector<std::uint32_t> items = identity(sample.model().items.size() + 1);
  PredictionScratch scratch;
  for (std::uint32_t user = 0; user <= sample.model().users.size(); ++user) {
    for (const std::uint32_t item : items) {
      joint.predict(user, item, values);
      for (const Model model : kModels) {
        REQUIRE(values[index_of(model)] == predictors.find(model)->predict(user, item));
      }
    }
    joint.predict_items(user, items, scratch);
    for (const Model model : kModels) {
      std::vector<double> alone(items.size());
      predictors.find(model)->predict_items(user, items, alone, scratch);
      const auto column = joint.column(index_of(model));
      REQUIRE(std::vector<double>(column.begin(), column.end()) == alone);
    }
  }
}

TEST_CASE("the reasons of a block add up to what it predicts", "[blocks]") {
  FullSampleModel sample;
  TrainedModel model = sample.model();
  model.clipping.what = Clip::none;
  const Predictors predictors = model.predictors();
  std::size_t known = 0;
  for (const BlockKind& kind : block_kinds()) {
    for (std::uint32_t user = 0; user <= model.users.size(); ++user) {
      for (std::uint32_t item = 0; item <= model.items.size(); ++item) {
        const Reasons reasons = predictors.find(kind.model)->reasons(user, item);
        double sum = reasons.constant;
        for (const Term& term : reasons.terms) {
          REQUIRE(term.value == term.weight * term.coefficient);
          sum += term.value;
        }
        known += reasons.known ? 1 : 0;
        REQUIRE((!reasons.known ||
                 sum == Approx(predictors.find(kind.model)->predict(user, item)).margin(1e-12)));
      }
    }
  }
  CHECK(known > 8000);  // all but the means and ALS
}

TEST_CASE("renumbering to the same ids changes nothing", "[blocks]") {
  const FullSampleModel sample;
  const TrainedModel& model = sample.model();
  const std::size_t rated = model.data.means.item_count.size();
  const Renumbering same = {.user = identity(model.users.size()),
                            .item = identity(rated),
                            .tag = identity(model.tags.size())};
  for (const BlockKind& kind : block_kinds()) {
    const Parameters& parameters = model.parameters[index_of(kind.model)];
    const Parameters start =
        kind.initial({model.users.size(), rated, model.tags.size()}, sample.options.model);
    CHECK(parameters.fits(start));
    CHECK(numbers_of(parameters.renumbered(same, start), kind.arrays) ==
          numbers_of(parameters, kind.arrays));
  }
}

TEST_CASE("what explains BALSE+ adds up to what it predicts", "[blocks][stack]") {
  FullSampleModel sample;
  TrainedModel model = sample.model();
  for (const Clip clip : {Clip::lasso, Clip::none}) {
    model.clipping.what = clip;
    const Predictors predictors = model.predictors();
    REQUIRE(predictors.best() == Model::balse_plus);
    const Block& uncut = *predictors.find_unclipped(Model::balse_plus);
    for (std::uint32_t user = 0; user <= model.users.size(); ++user) {
      for (std::uint32_t item = 0; item <= model.items.size(); ++item) {
        const Reasons reasons = predictors.find(Model::balse_plus)->reasons(user, item);
        REQUIRE(reasons.known);
        REQUIRE(reasons.total() == Approx(uncut.predict(user, item)).margin(1e-9));
        REQUIRE(predictors.find(Model::balse_plus)->deviation(user, item) > 0.0);
      }
    }
  }
}
