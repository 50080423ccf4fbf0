#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/evaluation/splits.hpp"
#include "balse/model/hold_out.hpp"

#include "model/random_ratings.hpp"

using namespace balse;

namespace whole_splits_test {
namespace {

std::size_t count(const std::vector<Part>& parts, Part part) {
  return static_cast<std::size_t>(std::count(parts.begin(), parts.end(), part));
}

/// What a protocol or a function deals whole, and how it is to be found in ratings.
struct Whole {
  Protocol protocol;
  const std::vector<std::uint32_t>& (*of_row)(const Ratings&);
  void (*hold_out)(double, std::uint64_t, const Ratings&, std::vector<Part>&);
};

const std::vector<std::uint32_t>& items_of(const Ratings& ratings) {
  return ratings.item;
}
const std::vector<std::uint32_t>& users_of(const Ratings& ratings) {
  return ratings.user;
}

Whole whole_items() {
  return {Protocol::item_cold, items_of, hold_out_items};
}
Whole whole_users() {
  return {Protocol::user_cold, users_of, hold_out_users};
}

/// The items (users) with a rating in this part.
std::set<std::uint32_t> in_part(const std::vector<Part>& parts, Part part,
                                const std::vector<std::uint32_t>& of_row) {
  std::set<std::uint32_t> found;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == part) {
      found.insert(of_row[row]);
    }
  }
  return found;
}

}  // namespace

TEST_CASE("items, or users, are dealt whole: each plays one part", "[splits]") {
  const Whole whole = GENERATE(whole_items(), whole_users());
  const Ratings ratings = test::random_ratings(73, 73, 900, 3);
  const auto& of_row = whole.of_row(ratings);
  const auto splits = make_splits({.protocol = whole.protocol, .repeat = 2}, ratings);
  REQUIRE(splits->folds() == 10);
  for (std::size_t fold = 0; fold < 10; ++fold) {
    const auto parts = splits->parts(fold);
    const auto train = in_part(parts, Part::train, of_row);
    const auto validation = in_part(parts, Part::validation, of_row);
    const auto test = in_part(parts, Part::test, of_row);
    std::set<std::uint32_t> all = train;
    all.insert(validation.begin(), validation.end());
    all.insert(test.begin(), test.end());
    CHECK(train.size() + validation.size() + test.size() == all.size());
    CHECK(all.size() == std::set<std::uint32_t>(of_row.begin(), of_row.end()).size());
  }
}

TEST_CASE("each fold of the items, or users, has its share, and each of them is tested once",
          "[splits]") {
  const Whole whole = GENERATE(whole_items(), whole_users());
  const Ratings ratings = test::full_grid(33, 33);  // 7, 7, 7, 6 and 6 to test
  const auto& of_row = whole.of_row(ratings);
  const auto splits = make_splits({.protocol = whole.protocol}, ratings);
  std::vector<int> tested(33, 0);
  for (std::size_t fold = 0; fold < 5; ++fold) {
    const auto parts = splits->parts(fold);
    const auto test = in_part(parts, Part::test, of_row);
    CHECK(test.size() == (fold < 3 ? 7U : 6U));
    CHECK(in_part(parts, Part::validation, of_row).size() == 8);  // 30% of 26 and of 27
    for (const std::uint32_t group : test) {
      ++tested[group];
    }
  }
  CHECK(std::all_of(tested.begin(), tested.end(), [](int times) { return times == 1; }));
}

TEST_CASE("every item, or user, is equally likely in every part", "[splits]") {
  const Whole whole = GENERATE(whole_items(), whole_users());
  const Ratings ratings = test::full_grid(20, 20);
  const auto& of_row = whole.of_row(ratings);
  std::vector<int> test(20, 0);
  std::vector<int> validation(20, 0);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    const auto parts =
        make_splits({.protocol = whole.protocol, .seed = seed}, ratings)->parts(seed % 5);
    for (const std::uint32_t group : in_part(parts, Part::test, of_row)) {
      ++test[group];
    }
    for (const std::uint32_t group : in_part(parts, Part::validation, of_row)) {
      ++validation[group];
    }
  }
  for (std::size_t group = 0; group < 20; ++group) {
    CHECK(test[group] == Approx(400).margin(90));        // 5 standard deviations
    CHECK(validation[group] == Approx(500).margin(97));  // 5 of the 16 others
  }
}

TEST_CASE("held out items and users take all their training ratings along, and only those",
          "[splits]") {
  const Whole whole = GENERATE(whole_items(), whole_users());
  const Ratings ratings = test::full_grid(12, 12);
  const auto& of_row = whole.of_row(ratings);
  std::vector<Part> before(ratings.size(), Part::train);
  for (std::size_t row = 0; row < before.size(); ++row) {
    if (of_row[row] < 2) {
      before[row] = Part::test;  // two that have nothing to train on
    } else if (of_row[row] < 4) {
      before[row] = (row + row / 12) % 3 == 0 ? Part::test : Part::train;
    }
  }
  auto parts = before;
  whole.hold_out(0.25, 5, ratings, parts);
  // 2.5 of the ten that are left, rounded
  CHECK(in_part(parts, Part::validation, of_row).size() == 3);
  CHECK(in_part(parts, Part::train, of_row).size() == 7);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    CHECK((parts[row] == Part::test) == (before[row] == Part::test));
  }
  auto again = before;
  whole.hold_out(0.25, 5, ratings, again);
  CHECK(again == parts);
  auto other = before;
  whole.hold_out(0.25, 6, ratings, other);
  CHECK(other != parts);
  auto none = before;
  whole.hold_out(0.04, 5, ratings, none);
  CHECK(none == before);
  auto nothing_left = before;
  whole.hold_out(1.0, 5, ratings, nothing_left);
  CHECK(count(nothing_left, Part::train) == 0);
}

TEST_CASE("as few items, or users, as are allowed leave none of the parts empty", "[splits]") {
  const Whole whole = GENERATE(whole_items(), whole_users());
  for (const int folds : {2, 3, 4, 5, 6}) {
    const auto fewest = static_cast<std::size_t>(std::max(folds, 4));
    const Ratings ratings = test::full_grid(fewest, fewest);
    const SplitOptions options{.protocol = whole.protocol, .folds = folds};
    REQUIRE(options.validate(ratings).empty());
    const auto splits = make_splits(options, ratings);
    for (std::size_t fold = 0; fold < splits->folds(); ++fold) {
      const auto parts = splits->parts(fold);
      CHECK(count(parts, Part::train) > 0);
      CHECK(count(parts, Part::validation) > 0);
      CHECK(count(parts, Part::test) > 0);
    }
  }
}

}  // namespace whole_splits_test
