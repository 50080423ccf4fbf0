// What blocks learn from features of items, and what a model keeps of it.

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/fold_in.hpp"
#include "balse/model/model_file.hpp"
#include "balse/support/atomic_file.hpp"

#include "model/featured_sample.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace feature_blocks_test {

TEST_CASE("blocks know items that nobody has rated by their features", "[features][blocks]") {
  const FeaturedSample drawn;
  const TemporaryFolder folder;
  {
    AtomicFile file(folder.path("model"));
    write_model(file, drawn.model(), {{"created", "today"}});
    file.commit();
  }
  const ModelFile file(folder.path("model"));
  CHECK(file.metadata("format_version") == "2");
  const Predictors fitted = drawn.model().predictors();
  const Predictors mapped = file.model().predictors();
  for (const Model model : kModels) {
    INFO(name_of(model));
    for (std::uint32_t user = 0; user <= FeaturedSample::kUsers; ++user) {
      for (std::uint32_t item = 0; item <= FeaturedSample::kItems; ++item) {
        REQUIRE(mapped.find(model)->predict(user, item) == fitted.find(model)->predict(user, item));
      }
    }
  }
  // An item's drawing style is a term of its own, and all terms add up.
  TrainedModel uncut = drawn.model();
  uncut.clipping.what = Clip::none;
  const Predictors predictors = uncut.predictors();
  for (const Model model : {Model::vb, Model::vb_new, Model::mixed, Model::mixed_bias,
                            Model::mixed_similar, Model::balse_plus}) {
    INFO(name_of(model));
    double largest = 0.0;
    for (std::uint32_t user = 0; user <= FeaturedSample::kUsers; ++user) {
      for (std::uint32_t item = 0; item <= FeaturedSample::kItems; ++item) {
        const Reasons reasons = predictors.find(model)->reasons(user, item);
        REQUIRE(reasons.total() ==
                Approx(predictors.find(model)->predict(user, item)).margin(1e-9));
        const auto styles =
            std::count_if(reasons.terms.begin(), reasons.terms.end(),
                          [](const Term& term) { return term.of == Term::Of::style; });
        REQUIRE(styles <= 1);
        for (const Term& term : reasons.terms) {
          if (term.of == Term::Of::style) {
            REQUIRE(item % 7 != 0);  // such have no features
            REQUIRE(item < FeaturedSample::kItems);
            largest = std::max(largest, std::abs(term.value));
          }
        }
      }
    }
    CHECK(largest > 0.5);
  }
  // Many items at once as one by one.
  std::vector<std::uint32_t> items;
  for (std::uint32_t item = 0; item <= FeaturedSample::kItems; ++item) {
    items.push_back(item);
  }
  PredictionScratch scratch;
  std::vector<double> many(items.size());
  for (const Model model : {Model::vb_new, Model::mixed, Model::balse_plus}) {
    predictors.find(model)->predict_items(3, items, many, scratch);
    for (const std::uint32_t item : items) {
      REQUIRE(many[item] == Approx(predictors.find(model)->predict(3, item)).margin(1e-12));
    }
  }
}

TEST_CASE("the drawing style is what the numbers of a block say", "[features][blocks]") {
  const FeaturedSample drawn;
  const TrainedModel& model = drawn.model();
  const Predictors predictors = model.predictors();
  const FeatureMatrix known = ItemComponents(drawn.features, numbered_ids(FeaturedSample::kRated))
                                  .of(model.items, FeaturedSample::kComponents);
  const Parameters& mixed = model.parameters[index_of(Model::mixed)];
  const MatrixView weights = mixed.matrix(MixedBlock::kVariant.weights());
  REQUIRE(weights.columns == 1 + 2 + 2);  // two tags and two of the components
  const Parameters& vb = model.parameters[index_of(Model::vb)];
  const MatrixView users = vb.matrix(VbBlock::kVariant.arrays.users());
  const MatrixView prior = vb.matrix(VbBlock::kVariant.arrays.component_prior());
  REQUIRE(prior.rows == FeaturedSample::kComponents);
  for (const double value : prior.row(3)) {
    CHECK(value == 0.0);  // it takes three
  }
  const auto style = [&](Model which, std::uint32_t user, std::uint32_t item) {
    for (const Term& term : predictors.find(which)->reasons(user, item).terms) {
      if (term.of == Term::Of::style) {
        return term.value;
      }
    }
    return 0.0;
  };
  for (std::uint32_t user = 0; user < FeaturedSample::kUsers; ++user) {
    for (std::uint32_t item = 0; item < FeaturedSample::kItems; ++item) {
      const double* const values = known.values.data() + item * FeaturedSample::kComponents;
      CHECK(style(Model::mixed, user, item) ==
            Approx(weights.row(user)[3] * values[0] + weights.row(user)[4] * values[1])
                .margin(1e-12));
      double sum = 0.0;
      for (std::size_t c = 0; c < 3; ++c) {
        for (std::size_t k = 0; k < prior.columns; ++k) {
          const bool is_bias = k + 1 == prior.columns;
          sum += values[c] * prior.row(c)[k] * (is_bias ? 1.0 : users.row(user)[k]);
        }
      }
      CHECK(style(Model::vb, user, item) == Approx(sum).margin(1e-12));
    }
  }
}

TEST_CASE("users who came after the fit are folded in by features, too", "[features][fold-in]") {
  const FeaturedSample drawn;
  TrainedModel model = drawn.model();
  // u0 once more under another name: what a half step says of them is near what the fit said.
  Ratings twin;
  twin.users.insert("twin");
  for (std::size_t row = 0; row < drawn.ratings.size(); ++row) {
    if (drawn.ratings.user[row] == 0) {
      twin.user.push_back(0);
      twin.item.push_back(twin.items.insert(drawn.ratings.items[drawn.ratings.item[row]]));
      twin.value.push_back(drawn.ratings.value[row]);
    }
  }
  const FoldedUsers folded = fold_in(model, twin, drawn.options.model, 1);
  const std::uint32_t user = *model.users.find("twin");
  const Predictors predictors = model.predictors();
  for (const Model which : {Model::mixed, Model::mixed_bias, Model::vb_new}) {
    INFO(name_of(which));
    for (std::uint32_t item = FeaturedSample::kRated; item < FeaturedSample::kItems; ++item) {
      CHECK(predictors.find(which)->predict(user, item) ==
            Approx(predictors.find(which)->predict(0, item)).margin(0.3));
    }
  }
}

TEST_CASE("a model whose features do not fit its blocks is refused", "[features][blocks]") {
  const FeaturedSample drawn;
  const TemporaryFolder folder;
  TrainedModel model = drawn.model();
  model.data.item_features = {};  // as if somebody had cut out the tensor
  {
    AtomicFile file(folder.path("model"));
    write_model(file, model, {});
    file.commit();
  }
  CHECK_THAT(std::string(error_of([&] { const ModelFile file(folder.path("model")); }).what()),
             Catch::Contains("does not fit the others"));
}

TEST_CASE("a model of version 2 predicts what it did when it was written",
          "[features][model-file]") {
  const ModelFile file(BALSE_SOURCE_DIR "/tests/model/files/version2.balse.safetensors");
  const TrainedModel& model = file.model();
  const Predictors predictors = model.predictors();
  struct Expected {
    const char* item;
    double prediction;
    double vb_new;
    double mixed;
  };
  // As balse predict of that day printed them, of u1; nobody has rated i14.
  for (const Expected& one :
       {Expected{"i3", 1.0, 1.0, 1.676723}, Expected{"i14", 2.570134, 3.030532, 2.556862}}) {
    const std::uint32_t user = model.users.find("u1").value();
    const std::uint32_t item = model.items.find(one.item).value();
    const auto predicted = [&](Model which) { return predictors.find(which)->predict(user, item); };
    CHECK(predicted(Model::balse_plus) == Approx(one.prediction).margin(1e-6));
    CHECK(predicted(Model::vb_new) == Approx(one.vb_new).margin(1e-6));
    CHECK(predicted(Model::mixed) == Approx(one.mixed).margin(1e-6));
  }
}

TEST_CASE("a model without features is of version 1, as ever", "[features][blocks]") {
  FeaturedSample drawn;
  const TagMatrix aligned = align_tags(drawn.tags, drawn.ratings.items);
  FittedModel plain(drawn.ratings, drawn.parts,
                    train(drawn.ratings, &aligned, drawn.parts, drawn.options), drawn.tags,
                    std::nullopt, drawn.options.model);
  const TemporaryFolder folder;
  {
    AtomicFile file(folder.path("model"));
    write_model(file, plain.model(), {});
    file.commit();
  }
  const ModelFile file(folder.path("model"));
  CHECK(file.metadata("format_version") == "1");
  for (const auto& [name, tensor] : file.file().tensors()) {
    INFO(name);
    CHECK(name.find("component") == std::string::npos);
    CHECK(name != "items.feature");
  }
}

}  // namespace feature_blocks_test
