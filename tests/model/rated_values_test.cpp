#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/fitted_model.hpp"
#include "balse/model/model_file.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/random.hpp"

#include "support/temporary_folder.hpp"

namespace rated_values_test {

using namespace balse;
using namespace balse::test;

/// Twenty users' ratings, of 1 to `values`; the items of each in no order, one of five a test.
Ratings random_ratings(std::uint64_t values) {
  Random random(3);
  Ratings ratings;
  for (std::uint32_t user = 0; user < 20; ++user) {
    for (std::uint32_t k = 0; k < 30; ++k) {
      const std::uint32_t item = (7 * k + user) % 30;
      ratings.user.push_back(ratings.users.insert("u" + std::to_string(user)));
      ratings.item.push_back(ratings.items.insert("i" + std::to_string(item)));
      ratings.value.push_back(static_cast<float>(1 + random.below(values)));
    }
  }
  return ratings;
}

TEST_CASE("a model holds what users have rated and how, with few values or many", "[model-file]") {
  const TemporaryFolder folder;
  for (const std::uint64_t values : {5U, 100'000U}) {
    const Ratings ratings = random_ratings(values);
    std::vector<Part> parts(ratings.size(), Part::train);
    std::map<std::pair<std::uint32_t, std::uint32_t>, double> expected;
    for (std::size_t row = 0; row < ratings.size(); ++row) {
      if (row % 5 == 0) {
        parts[row] = Part::test;
      } else {
        expected[{ratings.user[row], ratings.item[row]}] = ratings.value[row];
      }
    }
    TrainingOptions options;
    options.threads = 1;
    const FittedModel fitted(ratings, parts, train(ratings, nullptr, parts, options), std::nullopt,
                             std::nullopt, options.model);
    AtomicFile out(folder.path("model"));
    write_model(out, fitted.model(), {});
    out.commit();
    const ModelFile file(folder.path("model"));
    CHECK(file.file().has("rated.value_index") == (values == 5));
    for (const TrainedModel* model : {&fitted.model(), &file.model()}) {
      std::size_t found = 0;
      for (std::uint32_t user = 0; user < model->users.size(); ++user) {
        const auto items = model->rated_by(user);
        const std::vector<double> of_user = model->ratings_by(user);
        REQUIRE(of_user.size() == items.size());
        for (std::size_t k = 0; k < items.size(); ++k, ++found) {
          REQUIRE(of_user[k] == expected.at({user, items[k]}));
        }
      }
      CHECK(found == expected.size());
      CHECK(model->ratings_by(999).empty());
    }
  }
}

}  // namespace rated_values_test
