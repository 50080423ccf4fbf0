// What is known of users: standardised columns, the prior of variational Bayes, and newcomers of a
// model.

#include "model/features/user_features.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/fitted_model.hpp"
#include "balse/model/model_file.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/random.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace user_features_test {
namespace {

TagMatrix matrix_of(const std::vector<std::vector<double>>& rows) {
  TagMatrix matrix;
  matrix.tag_count = rows.front().size();
  for (const std::vector<double>& row : rows) {
    for (std::uint32_t k = 0; k < row.size(); ++k) {
      if (row[k] != 0.0) {
        matrix.tag.push_back(k);
        matrix.weight.push_back(static_cast<float>(row[k]));
      }
    }
    matrix.start.push_back(matrix.tag.size());
  }
  return matrix;
}

constexpr std::uint32_t kUsers = 120;
constexpr std::uint32_t kItems = 30;

/// Users of feature "cat" like the even items, those of "dog" the odd ones; every tenth user's
/// feature is not in the file, and users from `rated` on have no ratings.
struct CatsAndDogs {
  Ratings ratings;
  Tags features;
  std::vector<Part> parts;

  explicit CatsAndDogs(std::uint32_t rated) {
    Random random(3);
    features.names.insert("cat");
    features.names.insert("dog");
    features.matrix.tag_count = 2;
    for (std::uint32_t item = 0; item < kItems; ++item) {
      ratings.items.insert("i" + std::to_string(item));
    }
    for (std::uint32_t user = 0; user < kUsers; ++user) {
      const std::string id = "u" + std::to_string(user);
      if (user % 10 != 9) {
        features.items.insert(id);
        features.matrix.tag.push_back(user % 2);
        features.matrix.weight.push_back(1.0F);
        features.matrix.start.push_back(features.matrix.tag.size());
      }
      for (std::uint32_t item = 0; item < kItems && user < rated; ++item) {
        if (random.uniform() < 0.4) {
          ratings.user.push_back(ratings.users.insert(id));
          ratings.item.push_back(item);
          ratings.value.push_back((user + item) % 2 == 0 ? 5.0F : 1.0F);
        }
      }
    }
    parts.assign(ratings.size(), Part::train);
  }

  Training fit(bool with_features) const {
    TrainingOptions options;
    options.models = {Model::vb};
    options.model.vb.factors = 2;  // more than there are tastes; the more, the more is shrunk
    options.threads = 1;
    const TagMatrix aligned = align_tags(features, ratings.users);
    return train(ratings, {nullptr, with_features ? &aligned : nullptr}, parts, options);
  }
};

}  // namespace

TEST_CASE("columns of user features are standardised over the users that have some",
          "[user-features]") {
  // The last two have no ratings, and the one before no features.
  const TagMatrix features = matrix_of({{1, 0}, {1, 1}, {0, 0.5}, {0, 0}, {1, 0}, {0, 0}});
  const std::vector<std::uint32_t> counts = {3, 1, 2, 4, 0, 0};
  const UserFeatureColumns columns(features, counts, 10);
  REQUIRE(columns.count() == 2);
  const double mean[] = {2.0 / 3.0, 0.5};
  const double deviation[] = {std::sqrt(2.0 / 9.0), std::sqrt(1.0 / 6.0)};
  const double value[][2] = {{1, 0}, {1, 1}, {0, 0.5}, {0, 0}, {1, 0}};
  for (const std::size_t user : {0, 1, 2, 4}) {
    for (const std::size_t k : {0, 1}) {
      CHECK(columns.value(user, k) ==
            Approx((value[user][k] - mean[k]) / deviation[k]).margin(1e-12));
    }
  }
  for (const std::size_t user : {3, 5}) {
    CHECK(columns.value(user, 0) == 0.0);
    CHECK(columns.value(user, 1) == 0.0);
  }
}

TEST_CASE("what all users have or hardly any is no large number of anybody else",
          "[user-features]") {
  std::vector<std::vector<double>> rows(400, {1.0, 0.0});
  rows[0] = {1.0, 1.0};
  rows.push_back({0.0, 1.0});
  std::vector<std::uint32_t> counts(rows.size(), 1);
  counts.back() = 0;
  const TagMatrix features = matrix_of(rows);
  const UserFeatureColumns columns(features, counts, 10);
  CHECK(columns.value(1, 0) == 0.0);
  CHECK(std::abs(columns.value(400, 0)) <= 20.0 + 1e-9);
  CHECK(std::abs(columns.value(400, 1)) <= 20.0 + 1e-9);
}

TEST_CASE("slopes of columns, or of principal components, are those of the features",
          "[user-features]") {
  Random random(5);
  std::vector<std::vector<double>> rows(40, std::vector<double>(6));
  for (std::vector<double>& row : rows) {
    for (double& value : row) {
      value = random.uniform() < 0.5 ? random.uniform() : 0.0;
    }
    row[0] += 0.01;  // everybody has some
  }
  const TagMatrix features = matrix_of(rows);
  const std::vector<std::uint32_t> counts(rows.size(), 2);
  const std::size_t limit = GENERATE(10, 3);
  const UserFeatureColumns columns(features, counts, limit);
  constexpr std::size_t kN = 4;
  std::vector<double> slopes(columns.count() * kN);
  for (double& slope : slopes) {
    slope = random.normal();
  }
  std::vector<double> offset;
  const std::vector<double> own = columns.of_features(slopes, kN, offset);
  for (std::size_t user = 0; user < rows.size(); ++user) {
    for (std::size_t i = 0; i < kN; ++i) {
      double of_columns = 0.0;
      for (std::size_t k = 0; k < columns.count(); ++k) {
        of_columns += columns.value(user, k) * slopes[k * kN + i];
      }
      double of_features = offset[i];
      for (std::size_t k = 0; k < features.count(user); ++k) {
        of_features +=
            double{features.weights_of(user)[k]} * own[features.tags_of(user)[k] * kN + i];
      }
      CHECK(of_features == Approx(of_columns).margin(1e-9));
    }
  }
}

TEST_CASE("a user without ratings is predicted by what is known of them", "[user-features]") {
  CatsAndDogs all(100);  // with users without ratings among them
  for (std::uint32_t user = 100; user < kUsers; ++user) {
    all.ratings.users.insert("u" + std::to_string(user));
  }
  const Training training = all.fit(true);
  const Predictors predictors = training.predictors(nullptr, {});
  const Block& vb = *predictors.find(Model::vb);
  const Training without = all.fit(false);
  const Predictors others = without.predictors(nullptr, {});
  for (std::uint32_t item = 0; item < kItems; ++item) {
    CHECK((vb.predict(100, item) - 3.0) * (item % 2 == 0 ? 1.0 : -1.0) > 1.0);
    CHECK(std::abs(others.find(Model::vb)->predict(100, item) - 3.0) < 1.0);
    CHECK(std::abs(vb.predict(109, item) - 3.0) < 1.0);  // nothing is known of 109
    CHECK(vb.fallback(100, item) == Fallback::unseen_user);
  }

  SECTION("and so is one who comes after the fit") {
    const TemporaryFolder folder;
    FittedModel fitted(all.ratings, all.parts, all.fit(true), std::nullopt, std::nullopt, {},
                       &all.features.names);
    {
      AtomicFile file(folder.path("model"));
      write_model(file, fitted.model(), {});
      file.commit();
    }
    ModelFile file(folder.path("model"));
    TrainedModel& model = file.model();
    CHECK(model.user_features.size() == 2);
    Tags newcomers;
    for (const char* name : {"dog", "bird", "cat"}) {
      newcomers.names.insert(name);
    }
    newcomers.items.insert("new");
    newcomers.items.insert("u1");  // whose ratings the model knows
    newcomers.items.insert("u7x");
    newcomers.matrix = matrix_of({{0, 1, 1}, {0, 0, 1}, {0, 1, 0}});
    const double before = model.predictors().find(Model::vb)->predict(1, 4);
    const NewUsers added = add_user_features(model, newcomers);
    CHECK(added.new_users == 2);
    CHECK(added.rated_users == 1);
    CHECK(added.unknown_features == 1);
    const Predictors of_file = model.predictors();
    const Block& later = *of_file.find(Model::vb);
    const std::uint32_t user = *model.users.find("new");
    CHECK(user == kUsers);
    CHECK(model.has_features_of(user));
    CHECK(model.rated_by(user).empty());
    CHECK(later.predict(1, 4) == before);
    for (std::uint32_t item = 0; item < kItems; ++item) {
      CHECK(later.predict(user, item) == Approx(vb.predict(100, item)).margin(1e-9));
      CHECK(later.deviation(user, item) == Approx(vb.deviation(100, item)).margin(1e-9));
      // Who has features that the model does not know is anybody.
      CHECK(later.predict(*model.users.find("u7x"), item) ==
            later.predict(static_cast<std::uint32_t>(model.users.size()), item));
    }
    const Reasons reasons = later.reasons(user, 4);
    CHECK(reasons.total() == Approx(later.predict(user, 4)).margin(1e-9));
  }
}

TEST_CASE("a model with user features needs their names", "[user-features]") {
  const TemporaryFolder folder;
  const CatsAndDogs known(100);
  FittedModel fitted(known.ratings, known.parts, known.fit(true), std::nullopt, std::nullopt, {});
  AtomicFile file(folder.path("model"));
  write_model(file, fitted.model(), {});
  file.commit();
  CHECK(error_of([&] { ModelFile(folder.path("model")); }).kind() == ErrorKind::bad_data);
}

}  // namespace user_features_test
