#include "balse/evaluation/splits.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/random_ratings.hpp"

using namespace balse;

namespace splits_test {
namespace {

std::size_t count(const std::vector<Part>& parts, Part part) {
  return static_cast<std::size_t>(std::count(parts.begin(), parts.end(), part));
}

/// So many ratings, each user having rated up to 25 items.
Ratings ratings_of(std::size_t rows) {
  Ratings ratings;
  for (std::size_t row = 0; row < rows; ++row) {
    ratings.user.push_back(ratings.users.insert("u" + std::to_string(row / 25)));
    ratings.item.push_back(ratings.items.insert("i" + std::to_string(row % 25)));
    ratings.value.push_back(1.0F);
  }
  return ratings;
}

std::string digits(const std::vector<Part>& parts) {
  std::string text;
  for (const Part part : parts) {
    text += std::to_string(static_cast<int>(part));
  }
  return text;
}

}  // namespace

TEST_CASE("k-fold tests every rating once, with parts of the right size", "[splits]") {
  const std::size_t rows = 1003;
  const Ratings ratings = ratings_of(rows);
  const auto splits = make_splits({.folds = 5, .seed = 9}, ratings);
  REQUIRE(splits->folds() == 5);
  std::vector<int> tested(rows, 0);
  for (std::size_t fold = 0; fold < 5; ++fold) {
    const auto parts = splits->parts(fold);
    REQUIRE(parts.size() == rows);
    const std::size_t test = count(parts, Part::test);
    CHECK(test == (fold < 3 ? 201U : 200U));
    CHECK(count(parts, Part::validation) ==
          static_cast<std::size_t>(0.3 * static_cast<double>(rows - test) + 0.5));
    for (std::size_t row = 0; row < rows; ++row) {
      tested[row] += parts[row] == Part::test ? 1 : 0;
    }
  }
  CHECK(std::all_of(tested.begin(), tested.end(), [](int times) { return times == 1; }));
}

TEST_CASE("splits depend on the seed alone", "[splits]") {
  const auto protocol =
      GENERATE(Protocol::paper, Protocol::notebook, Protocol::item_cold, Protocol::user_cold);
  const Ratings ratings = test::random_ratings(60, 60, 500, 1);
  const auto one = make_splits({.protocol = protocol, .seed = 1}, ratings);
  const auto same = make_splits({.protocol = protocol, .seed = 1}, ratings);
  const auto other = make_splits({.protocol = protocol, .seed = 2}, ratings);
  CHECK(one->parts(3) == same->parts(3));
  CHECK(one->parts(3) != other->parts(3));
  CHECK(one->parts(3) != one->parts(2));
}

TEST_CASE("repetitions split anew", "[splits]") {
  const auto protocol = GENERATE(Protocol::paper, Protocol::item_cold, Protocol::user_cold);
  const Ratings ratings = ratings_of(400);
  const auto splits = make_splits({.protocol = protocol, .folds = 2, .repeat = 3}, ratings);
  REQUIRE(splits->folds() == 6);
  CHECK(splits->parts(0) != splits->parts(2));
  const auto first = splits->parts(4);
  const auto second = splits->parts(5);
  for (std::size_t row = 0; row < 400; ++row) {
    CHECK((first[row] == Part::test) != (second[row] == Part::test));
  }
}

TEST_CASE("the notebook's splits are 63 / 27 / 10 and overlap", "[splits]") {
  const Ratings ratings = ratings_of(1000);
  const auto splits = make_splits({.protocol = Protocol::notebook}, ratings);
  const auto first = splits->parts(0);
  const auto second = splits->parts(1);
  CHECK(count(first, Part::test) == 100);
  CHECK(count(first, Part::validation) == 270);
  std::size_t both = 0;
  for (std::size_t row = 0; row < 1000; ++row) {
    both += first[row] == Part::test && second[row] == Part::test ? 1 : 0;
  }
  CHECK(both > 0);
  CHECK(both < 30);
}

TEST_CASE("every rating is equally likely in every part", "[splits]") {
  const std::size_t rows = 50;
  const Ratings ratings = ratings_of(rows);
  std::vector<int> test(rows, 0);
  std::vector<int> validation(rows, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto parts = make_splits({.seed = seed}, ratings)->parts(1);
    for (std::size_t row = 0; row < rows; ++row) {
      test[row] += parts[row] == Part::test ? 1 : 0;
      validation[row] += parts[row] == Part::validation ? 1 : 0;
    }
  }
  for (std::size_t row = 0; row < rows; ++row) {
    CHECK(test[row] == Approx(400).margin(90));  // 5 standard deviations
    CHECK(validation[row] == Approx(480).margin(96));
  }
}

TEST_CASE("a seed's splits of ratings are those of earlier releases", "[splits]") {
  // Written by the program before it could hold out items; figures in papers depend on them.
  const Ratings ratings = ratings_of(20);
  CHECK(digits(make_splits({.seed = 7}, ratings)->parts(1)) == "22010210100000210001");
  CHECK(digits(make_splits({.protocol = Protocol::notebook, .seed = 7}, ratings)->parts(1)) ==
        "20020101100001000001");
}

TEST_CASE("a description has the protocol and its shares", "[splits]") {
  const Ratings ratings = ratings_of(1000);
  const auto words = [&](const SplitOptions& options) {
    return make_splits(options, ratings)->describe();
  };
  CHECK(words({}) == "5-fold cross-validation, 56% train / 24% validation / 20% test, seed 42");
  CHECK(words({.protocol = Protocol::item_cold, .repeat = 2}) ==
        "item-cold: 5-fold cross-validation over the items, each held out whole, 2 times, 56% "
        "train / 24% validation / 20% test of the items, seed 42");
  CHECK(words({.protocol = Protocol::user_cold, .folds = 10, .seed = 1}) ==
        "user-cold: 10-fold cross-validation over the users, each held out whole, 63% train / 27% "
        "validation / 10% test of the users, seed 1");
}

TEST_CASE("split options that make no sense are named", "[splits]") {
  CHECK(SplitOptions{}.validate().empty());
  CHECK_THAT(SplitOptions{.folds = 1}.validate(), Catch::Contains("2 folds"));
  CHECK_THAT((SplitOptions{.protocol = Protocol::user_cold, .folds = 1}.validate()),
             Catch::Contains("2 folds"));
  CHECK((SplitOptions{.protocol = Protocol::notebook, .folds = 1}.validate()).empty());
  CHECK_THAT(SplitOptions{.repeat = 0}.validate(), Catch::Contains("at least once"));
}

TEST_CASE("too few ratings, items or users to split are named", "[splits]") {
  const auto sentence = [](const SplitOptions& options, const Ratings& ratings) {
    return options.validate(ratings);
  };
  CHECK(sentence({}, ratings_of(5)).empty());
  CHECK_THAT(sentence({.folds = 1}, ratings_of(100)), Catch::Contains("2 folds"));
  CHECK(sentence({}, ratings_of(3)) == "there are too few ratings to split: 3; expected 5 or more");
  CHECK_THAT(sentence({.protocol = Protocol::notebook}, ratings_of(9)),
             Catch::Contains("9; expected 10"));
  CHECK(sentence({.protocol = Protocol::item_cold}, test::full_grid(2, 5)).empty());
  CHECK(sentence({.protocol = Protocol::item_cold}, test::full_grid(30, 4)) ==
        "there are too few items to split: 4; expected 5 or more");
  CHECK(sentence({.protocol = Protocol::user_cold}, test::full_grid(5, 2)).empty());
  CHECK(sentence({.protocol = Protocol::user_cold, .folds = 2}, test::full_grid(3, 30)) ==
        "there are too few users to split: 3; expected 4 or more");
}

}  // namespace splits_test
