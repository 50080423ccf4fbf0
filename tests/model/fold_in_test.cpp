// Users who are folded into a fitted model, against the fit itself.

#include "balse/model/fold_in.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/blocks/mixed/mixed_block.hpp"
#include "model/folded_sample.hpp"
#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Catch::Matchers::Contains;

namespace fold_in_test {
namespace {

std::vector<double> all_predictions(const TrainedModel& model, std::uint32_t user) {
  const Predictors predictors = model.predictors();
  std::vector<double> values;
  for (const Model which : kModels) {
    for (std::uint32_t item = 0; item <= model.items.size(); ++item) {
      values.push_back(predictors.find(which)->predict(user, item));
    }
  }
  return values;
}

}  // namespace
}  // namespace fold_in_test

using namespace fold_in_test;

TEST_CASE("a user who is folded in has what the fit gave to one with the same ratings",
          "[fold-in]") {
  const FullSampleModel sample;
  TrainedModel model = sample.model();
  const std::uint32_t twin = *model.users.find("u4");
  const FoldedUsers folded =
      fold_in(model, ratings_of(sample.ratings, "u4", "somebody"), sample.options.model, 1);
  CHECK(folded.new_users == 1);
  CHECK(folded.known_users == 0);
  const std::uint32_t user = *model.users.find("somebody");
  REQUIRE(user == sample.model().users.size());
  CHECK(model.data.means.user[user] == Approx(model.data.means.user[twin]).epsilon(1e-12));
  CHECK(model.data.means.user_count[user] == model.data.means.user_count[twin]);
  const auto rated = model.rated_by(user);
  const auto of_twin = model.rated_by(twin);
  CHECK(std::equal(rated.begin(), rated.end(), of_twin.begin(), of_twin.end()));
  const auto counts = model.parameters[index_of(Model::balse_plus)].counts(StackBlend::kUserCounts);
  CHECK(counts[user] == counts[twin]);
  const Predictors predictors = model.predictors();
  for (const Model which : {Model::global_mean, Model::user_mean, Model::bias, Model::lasso}) {
    for (std::uint32_t item = 0; item <= model.items.size(); ++item) {
      INFO(name_of(which) << " of item " << item);
      CHECK(predictors.find(which)->predict(user, item) ==
            Approx(predictors.find(which)->predict(twin, item)).margin(1e-9));
    }
  }
}

TEST_CASE("what was rated since the fit adds to what the model knows", "[fold-in]") {
  const FullSampleModel sample;
  const TrainedModel before = sample.model();
  const std::uint32_t user = *before.users.find("u7");
  const auto rated = before.rated_by(user);
  const std::string old_item(before.items[rated[2]]);
  Ratings more;
  add(more, "u7", "i47", 5.0F);
  add(more, "u7", old_item, 1.0F);
  TrainedModel model = before;
  const FoldedUsers folded = fold_in(model, more, sample.options.model, 1);
  CHECK(folded.known_users == 1);
  CHECK(folded.new_users == 0);
  CHECK(model.users.size() == before.users.size());
  CHECK(model.rated_by(user).size() == rated.size() + 1);
  CHECK(model.data.means.user_count[user] == rated.size() + 1);
  const Rated now = rated_by(model, user);
  for (std::size_t k = 0; k < now.items.size(); ++k) {
    const std::string item(model.items[now.items[k]]);
    const double expected =
        item == "i47"      ? 5.0
        : item == old_item ? 1.0
                           : static_cast<double>(before.rated_value[before.rated_start[user] + k]);
    CHECK(now.values[static_cast<Eigen::Index>(k)] == expected);
  }
  // The same as giving all of it under another name.
  Ratings all = ratings_of(sample.ratings, "u7", "other");
  for (std::size_t row = 0; row < all.size(); ++row) {
    if (all.items[all.item[row]] == old_item) {
      all.value[row] = 1.0F;
    }
  }
  add(all, "other", "i47", 5.0F);
  TrainedModel apart = before;
  const FoldedUsers kept = fold_in(apart, all, sample.options.model, 1);
  CHECK(all_predictions(apart, *apart.users.find("other")) == all_predictions(model, user));
  // Nobody else has changed.
  CHECK(all_predictions(model, 3) == all_predictions(before, 3));
}

TEST_CASE("ratings of items that the model does not have are counted and left out", "[fold-in]") {
  Folded folded;
  CHECK(folded.users.unknown_ratings == 1);
  CHECK(folded.users.unknown_items == 1);
  CHECK(folded.users.ratings == folded.ratings.size() - 1);
  CHECK(folded.users.users_without == 0);
  Ratings strange;
  add(strange, "nobody", "nothing", 3.0F);
  TrainedModel model = folded.sample.model();
  const FoldedUsers none = fold_in(model, strange, folded.sample.options.model, 1);
  CHECK(none.users_without == 1);
  CHECK(none.new_users == 0);
  CHECK_FALSE(model.users.find("nobody"));
}

TEST_CASE("without the values new ratings stand for all of a user", "[fold-in]") {
  const FullSampleModel sample;
  TrainedModel model = sample.model();
  model.rated_value = {};
  Ratings more;
  add(more, "u7", "i3", 5.0F);
  add(more, "u7", "i5", 4.0F);
  const FoldedUsers folded = fold_in(model, more, sample.options.model, 1);
  CHECK(folded.replaced_users == 1);
  CHECK(model.rated_by(*model.users.find("u7")).size() == 2);
  CHECK(model.data.means.user[*model.users.find("u7")] == 4.5);
}

TEST_CASE("users are folded in to the same bits at any number of threads, and from a file",
          "[fold-in]") {
  const TemporaryFolder folder;
  const FullSampleModel sample;
  sample.write(folder.path("model"));
  Ratings many;
  for (std::uint32_t user = 0; user < sample.ratings.users.size(); ++user) {
    const Ratings of_user =
        ratings_of(sample.ratings, std::string(sample.ratings.users[user]), "x");
    for (std::size_t row = 0; row < of_user.size(); ++row) {
      add(many, "x" + std::to_string(user), std::string(of_user.items[of_user.item[row]]),
          of_user.value[row]);
    }
  }
  TrainedModel one = sample.model();
  const FoldedUsers of_one = fold_in(one, many, sample.options.model, 1);
  CHECK(of_one.new_users == sample.ratings.users.size());
  for (const int threads : {2, 5}) {
    ModelFile file(folder.path("model"));
    const FoldedUsers of_many = fold_in(file.model(), many, sample.options.model, threads);
    for (std::uint32_t user = 30; user < one.users.size(); ++user) {
      REQUIRE(all_predictions(file.model(), user) == all_predictions(one, user));
    }
  }
}

TEST_CASE("a model that lacks what taking in users takes is refused", "[fold-in]") {
  const FullSampleModel sample;
  TrainedModel model = sample.model();
  Parameters& mixed = model.parameters[index_of(Model::mixed)];
  Parameters old;
  old.add(MixedBlock::kVariant.weights(),
          std::vector<double>{mixed.vector(MixedBlock::kVariant.weights()).begin(),
                              mixed.vector(MixedBlock::kVariant.weights()).end()},
          mixed.matrix(MixedBlock::kVariant.weights()).columns);
  mixed = old;
  const Error error = error_of([&] {
    fold_in(model, ratings_of(sample.ratings, "u4", "somebody"), sample.options.model, 1);
  });
  CHECK(error.kind() == ErrorKind::usage);
  CHECK_THAT(error.what(), Contains("mixed effects"));
}
