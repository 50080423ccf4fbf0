#include <algorithm>
#include <limits>
#include <map>
#include <numeric>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/evaluation/splits.hpp"

#include "model/random_ratings.hpp"

using namespace balse;

namespace time_splits_test {
namespace {

struct Given {
  std::string user;
  std::string item;
  std::int64_t time;
};

Ratings ratings_of(const std::vector<Given>& given) {
  Ratings ratings;
  for (const Given& rating : given) {
    ratings.user.push_back(ratings.users.insert(rating.user));
    ratings.item.push_back(ratings.items.insert(rating.item));
    ratings.value.push_back(1.0F);
    ratings.time.push_back(rating.time);
  }
  return ratings;
}

/// One user, an item after the other.
std::vector<Given> at_times(const std::vector<std::int64_t>& times, const std::string& user = "u") {
  std::vector<Given> given;
  for (std::size_t k = 0; k < times.size(); ++k) {
    given.push_back({user, "i" + std::to_string(k), times[k]});
  }
  return given;
}

SplitOptions options_of(TimeCut cut, double share = 0.2, std::uint64_t seed = 42) {
  return {.protocol = Protocol::time, .seed = seed, .time_cut = cut, .test_share = share};
}

std::string digits(const std::vector<Given>& given, const SplitOptions& options) {
  const Ratings ratings = ratings_of(given);
  REQUIRE(options.validate(ratings).empty());
  const auto splits = make_splits(options, ratings);
  REQUIRE(splits->folds() == 1);
  std::string text;
  for (const Part part : splits->parts(0)) {
    text += std::to_string(static_cast<int>(part));
  }
  return text;
}

/// Many users, times that often are the same.
std::vector<Given> many(std::size_t count, std::uint64_t times) {
  std::vector<Given> given;
  const Ratings ratings = test::random_ratings(60, 90, count, 3);
  Random random(4);
  for (std::size_t row = 0; row < count; ++row) {
    given.push_back({std::string(ratings.users[ratings.user[row]]),
                     std::string(ratings.items[ratings.item[row]]),
                     static_cast<std::int64_t>(random.below(times))});
  }
  return given;
}

std::map<std::pair<std::string, std::string>, Part> by_pair(const std::vector<Given>& given,
                                                            const SplitOptions& options) {
  const Ratings ratings = ratings_of(given);
  const std::vector<Part> parts = make_splits(options, ratings)->parts(0);
  std::map<std::pair<std::string, std::string>, Part> result;
  for (std::size_t row = 0; row < given.size(); ++row) {
    result[{given[row].user, given[row].item}] = parts[row];
  }
  return result;
}

}  // namespace

TEST_CASE("a global cut, by hand", "[splits]") {
  // Latest two of ten, then 2.4 of eight.
  CHECK(digits(at_times({5, 1, 9, 3, 7, 2, 8, 4, 6, 0}), options_of(TimeCut::global)) ==
        "0020102010");
  CHECK(digits(at_times({5, 1, 9, 3, 7, 2, 8, 4, 6, 0}), options_of(TimeCut::global, 0.5)) ==
        "2021202120");
}

TEST_CASE("equal times stay together, on the nearer side", "[splits]") {
  // Two of ten are wanted; three have time 9, one has none above: 3 is nearer than 0.
  CHECK(digits(at_times({0, 1, 2, 3, 4, 5, 6, 9, 9, 9}), options_of(TimeCut::global)) ==
        "0000011222");
  // Either one or three can be tested: the later cut.
  CHECK(digits(at_times({0, 1, 2, 3, 4, 5, 6, 8, 8, 9}), options_of(TimeCut::global)) ==
        "0000001112");
  // Before the test there is one time: who validates is drawn, so many as ever.
  const std::string one_time =
      digits(at_times({1, 1, 1, 1, 1, 1, 1, 1, 2, 2}), options_of(TimeCut::global));
  CHECK(std::count(one_time.begin(), one_time.end(), '1') == 2);
  CHECK(one_time.substr(8) == "22");
}

TEST_CASE("a global cut tests nothing that is as old as what is trained on", "[splits]") {
  const std::vector<Given> given = many(1000, GENERATE(7, 50, 100000));
  const Ratings ratings = ratings_of(given);
  const auto parts = make_splits(options_of(TimeCut::global), ratings)->parts(0);
  std::map<Part, std::int64_t> first;
  std::map<Part, std::int64_t> last;
  std::map<Part, std::size_t> count;
  for (std::size_t row = 0; row < given.size(); ++row) {
    const std::int64_t time = given[row].time;
    first.try_emplace(parts[row], std::numeric_limits<std::int64_t>::max());
    first[parts[row]] = std::min(first[parts[row]], time);
    last[parts[row]] = std::max(last[parts[row]], time);
    ++count[parts[row]];
  }
  REQUIRE(count.size() == 3);
  CHECK(last[Part::train] < first[Part::validation]);
  CHECK(last[Part::validation] < first[Part::test]);
  CHECK(count[Part::test] > 100);
  CHECK(count[Part::test] < 300);
}

TEST_CASE("a cut of each user, by hand", "[splits]") {
  std::vector<Given> given = at_times({9, 8, 7, 6, 5, 4, 3, 2, 1, 0}, "ten");
  for (const Given& rating : at_times({100, 200}, "two")) {
    given.push_back(rating);
  }
  given.push_back({"one", "i0", 1000});
  for (const Given& rating : at_times({-5, 3, 3}, "three")) {
    given.push_back(rating);
  }
  CHECK(digits(given, options_of(TimeCut::per_user)) ==
        "2211000000"  // 2 of 10, then 2.4 of 8
        "02"          // at least one
        "0"           // which is trained on
        "022");       // the two that are equal, as none is between them
  const Ratings ratings = ratings_of(given);
  CHECK_THAT(make_splits(options_of(TimeCut::per_user), ratings)->describe(),
             Catch::Contains("1 user with a single rating") && Catch::Contains("31% test") &&
                 Catch::Contains("(20% asked for)") && !Catch::Contains("random"));
}

TEST_CASE("each user's test is later than what is trained on of the user", "[splits]") {
  const std::vector<Given> given = many(1000, 40);
  const Ratings ratings = ratings_of(given);
  const auto parts = make_splits(options_of(TimeCut::per_user), ratings)->parts(0);
  std::map<std::string, std::map<Part, std::vector<std::int64_t>>> times;
  std::map<std::string, std::size_t> count;
  for (std::size_t row = 0; row < given.size(); ++row) {
    times[given[row].user][parts[row]].push_back(given[row].time);
    ++count[given[row].user];
  }
  std::size_t checked = 0;
  for (auto& [user, by_part] : times) {
    REQUIRE_FALSE(by_part[Part::train].empty());
    CHECK(by_part[Part::test].empty() == (count[user] == 1));
    std::vector<std::int64_t> all;
    for (const auto& [part, some] : by_part) {
      all.insert(all.end(), some.begin(), some.end());
    }
    if (std::count(all.begin(), all.end(), all.front()) ==
        static_cast<std::ptrdiff_t>(all.size())) {
      continue;  // of one time, or one rating
    }
    ++checked;
    const auto latest = std::max_element(by_part[Part::train].begin(), by_part[Part::train].end());
    for (const std::int64_t time : by_part[Part::test]) {
      CHECK(time > *latest);
    }
  }
  CHECK(checked > 40);
}

TEST_CASE("ratings of one time are split at random, whatever the order of the rows", "[splits]") {
  std::vector<Given> given;
  for (int user = 0; user < 50; ++user) {
    for (const Given& rating : at_times(std::vector<std::int64_t>(10, 7), std::to_string(user))) {
      given.push_back(rating);
    }
  }
  const SplitOptions options = options_of(TimeCut::per_user);
  const std::string text = digits(given, options);
  std::vector<int> tested(10);
  for (std::size_t user = 0; user < 50; ++user) {
    const std::string own = text.substr(10 * user, 10);
    CHECK(std::count(own.begin(), own.end(), '2') == 2);
    CHECK(std::count(own.begin(), own.end(), '1') == 2);
    for (std::size_t k = 0; k < 10; ++k) {
      tested[k] += own[k] == '2' ? 1 : 0;
    }
  }
  for (const int times : tested) {  // 10 expected, 2.8 the standard deviation
    CHECK(times > 0);
    CHECK(times < 25);
  }
  CHECK(digits(given, options_of(TimeCut::per_user, 0.2, 43)) != text);
  const Ratings ratings = ratings_of(given);
  CHECK_THAT(
      make_splits(options, ratings)->describe(),
      Catch::Contains("equal times of 50 users parted at random") && Catch::EndsWith("seed 42"));
}

TEST_CASE("the order of the rows does not matter", "[splits]") {
  std::vector<Given> given = many(600, 6);
  const TimeCut cut = GENERATE(TimeCut::global, TimeCut::per_user);
  const auto parts = by_pair(given, options_of(cut));
  std::reverse(given.begin(), given.end());
  CHECK(by_pair(given, options_of(cut)) == parts);
  std::sort(given.begin(), given.end(),
            [](const Given& left, const Given& right) { return left.item < right.item; });
  CHECK(by_pair(given, options_of(cut)) == parts);
}

TEST_CASE("a description says when the cuts are", "[splits]") {
  std::vector<std::int64_t> times(10);
  for (std::size_t k = 0; k < times.size(); ++k) {
    times[k] = 951'782'399 + static_cast<std::int64_t>(k);  // the last second of 28 February 2000
  }
  const Ratings ratings = ratings_of(at_times(times));
  CHECK(make_splits(options_of(TimeCut::global), ratings)->describe() ==
        "time: trained on the past, one cut for all: validation from 2000-02-29 00:00:05 UTC on, "
        "test from 2000-02-29 00:00:07 UTC on, 60% train / 20% validation / 20% test");
  CHECK(make_splits(options_of(TimeCut::per_user), ratings)->describe() ==
        "time: trained on each user's past, the user's latest ratings tested, 60% train / 20% "
        "validation / 20% test");
}

TEST_CASE("where nothing is left to validate that is said", "[splits]") {
  const std::vector<Given> given = at_times({1, 5, 5, 5});
  CHECK(digits(given, options_of(TimeCut::global)) == "0222");
  const Ratings ratings = ratings_of(given);
  CHECK_THAT(make_splits(options_of(TimeCut::global), ratings)->describe(),
             Catch::Contains("validation none, test from 1970-01-01 00:00:05 UTC on, 25% train / "
                             "0% validation / 75% test (20% asked for)"));
}

TEST_CASE("ratings that have no past are refused", "[splits]") {
  const auto sentence = [](const SplitOptions& options, const std::vector<Given>& given) {
    return options.validate(ratings_of(given));
  };
  CHECK(sentence(options_of(TimeCut::global), at_times({1, 1, 1})) ==
        "there are too few ratings to split: 3; expected 4 or more");
  CHECK_THAT(sentence(options_of(TimeCut::global), at_times({0, 0, 0, 0})),
             Catch::Contains("at one time, 1970-01-01 00:00:00 UTC"));
  CHECK(sentence(options_of(TimeCut::per_user), at_times({0, 0, 0, 0})).empty());
  CHECK_THAT(sentence(options_of(TimeCut::per_user),
                      {{"a", "i", 1}, {"b", "i", 2}, {"c", "i", 3}, {"d", "i", 4}}),
             Catch::Contains("no user has two ratings"));
  CHECK_THAT(options_of(TimeCut::global).validate(test::random_ratings(10, 10, 20, 1)),
             Catch::Contains("nothing says when"));
  CHECK_THAT(options_of(TimeCut::global, 0.0).validate(), Catch::Contains("above 0"));
  CHECK_THAT(options_of(TimeCut::global, 1.0).validate(), Catch::Contains("below 1"));
}

}  // namespace time_splits_test
