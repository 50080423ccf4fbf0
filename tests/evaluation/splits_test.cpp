#include "balse/evaluation/splits.hpp"

#include <algorithm>
#include <vector>

#include <catch2/catch.hpp>

using namespace balse;

namespace {

std::size_t count(const std::vector<Part>& parts, Part part) {
  return static_cast<std::size_t>(std::count(parts.begin(), parts.end(), part));
}

}  // namespace

TEST_CASE("k-fold tests every rating once, with parts of the right size", "[splits]") {
  const std::size_t rows = 1003;
  const auto splits = make_splits({.folds = 5, .seed = 9}, rows);
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
  const auto protocol = GENERATE(Protocol::paper, Protocol::notebook);
  const auto one = make_splits({.protocol = protocol, .seed = 1}, 500);
  const auto same = make_splits({.protocol = protocol, .seed = 1}, 500);
  const auto other = make_splits({.protocol = protocol, .seed = 2}, 500);
  CHECK(one->parts(3) == same->parts(3));
  CHECK(one->parts(3) != other->parts(3));
  CHECK(one->parts(3) != one->parts(2));
}

TEST_CASE("repetitions split anew", "[splits]") {
  const auto splits = make_splits({.folds = 2, .repeat = 3}, 400);
  REQUIRE(splits->folds() == 6);
  CHECK(splits->parts(0) != splits->parts(2));
  const auto first = splits->parts(4);
  const auto second = splits->parts(5);
  for (std::size_t row = 0; row < 400; ++row) {
    CHECK((first[row] == Part::test) != (second[row] == Part::test));
  }
}

TEST_CASE("the notebook's splits are 63 / 27 / 10 and overlap", "[splits]") {
  const auto splits = make_splits({.protocol = Protocol::notebook}, 1000);
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
  std::vector<int> test(rows, 0);
  std::vector<int> validation(rows, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto parts = make_splits({.seed = seed}, rows)->parts(1);
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

TEST_CASE("split options that make no sense are named", "[splits]") {
  CHECK(SplitOptions{}.validate(100).empty());
  CHECK_FALSE(SplitOptions{.folds = 1}.validate(100).empty());
  CHECK_FALSE(SplitOptions{.repeat = 0}.validate(100).empty());
  CHECK_THAT(SplitOptions{}.validate(3), Catch::Contains("too few"));
}
