#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "balse/evaluation/splits.hpp"
#include "balse/support/error.hpp"

#include "model/random_ratings.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;

namespace {

std::string file_with(const test::TemporaryFolder& folder, const std::string& text) {
  const std::string path = folder.path("folds.csv");
  std::ofstream(path) << text;
  return path;
}

Ratings three_ratings() {
  return test::random_ratings(4, 4, 3, 1);
}

}  // namespace

TEST_CASE("splits that were written are read back the same", "[splits]") {
  const test::TemporaryFolder folder;
  Ratings ratings = test::random_ratings(20, 20, 100, 1);
  ratings.dropped_rows = {0, 7, 102};
  const auto protocol = GENERATE(Protocol::paper, Protocol::item_cold, Protocol::user_cold);
  const auto made = make_splits({.protocol = protocol, .folds = 3}, ratings);
  std::string text;
  write_splits("mine", *made, ratings, [&](std::string_view piece) { text += piece; });
  folder.write("folds.csv", text);
  const auto read = read_splits(folder.path("folds.csv"), "mine", ratings);
  REQUIRE(read->folds() == 3);
  for (std::size_t fold = 0; fold < 3; ++fold) {
    CHECK(read->parts(fold) == made->parts(fold));
  }
}

TEST_CASE("a set of folds is chosen by name, in the order of its numbers", "[splits]") {
  const test::TemporaryFolder folder;
  const std::string path = file_with(folder, "row,b1,a0,b0\n2,0,0,2\n0,1,2,0\n1,2,1,1\n");
  const Ratings ratings = three_ratings();
  const auto splits = read_splits(path, "b", ratings);
  REQUIRE(splits->folds() == 2);
  CHECK(splits->parts(0) == std::vector<Part>{Part::train, Part::validation, Part::test});
  CHECK(splits->parts(1) == std::vector<Part>{Part::validation, Part::test, Part::train});
  CHECK_THROWS_WITH(read_splits(path, "", ratings),
                    Catch::Contains("--fold-set") && Catch::Contains("a, b"));
  CHECK_THROWS_WITH(read_splits(path, "c", ratings),
                    Catch::Contains("\"c\"") && Catch::Contains("a, b"));
}

TEST_CASE("rows that were dropped when reading the ratings keep their numbers", "[splits]") {
  const test::TemporaryFolder folder;
  Ratings ratings = three_ratings();
  ratings.dropped_rows = {1};
  const auto splits = read_splits(file_with(folder, "row,f0\n0,0\n1,1\n2,2\n3,1\n"), "", ratings);
  CHECK(splits->parts(0) == std::vector<Part>{Part::train, Part::test, Part::validation});
}

TEST_CASE("folds of another file, and broken ones, are refused with their line", "[splits]") {
  const test::TemporaryFolder folder;
  const Ratings ratings = three_ratings();
  const auto message = [&](const std::string& text) -> std::string {
    try {
      read_splits(file_with(folder, text), "", ratings);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  };
  CHECK_THAT(message("row,f0\n0,0\n1,1\n"), Catch::Contains("2 of 3 ratings"));
  CHECK_THAT(message("row,f0\n0,0\n1,1\n2,2\n3,0\n"), Catch::Contains("folds.csv:5"));
  CHECK_THAT(message("row,f0\n0,4\n"), Catch::Contains("folds.csv:2") && Catch::Contains("\"4\""));
  CHECK_THAT(message("row,f0\nx,1\n"), Catch::Contains("folds.csv:2"));
  CHECK_THAT(message("row,f0\n0\n"), Catch::Contains("folds.csv:2"));
  CHECK_THAT(message("line,f0\n0,0\n"), Catch::Contains("header"));
  CHECK_THAT(message("row,f1\n0,0\n"), Catch::Contains("f0"));
  CHECK_THAT(message(""), Catch::Contains("row"));
  CHECK_THAT(message("row,f0\n0,0\n1,1\n1,1\n2,2\n"), Catch::Contains("folds.csv:4"));
  CHECK_THAT(message("row,f0,f2\n0,0,0\n1,1,1\n2,2,2\n"), Catch::Contains("f1"));
  CHECK_THAT(message("row,a\n0,0\n"), Catch::Contains("nb0"));
  CHECK_THAT(message("row,f0\n0,0\n1,0\n2,1\n"), Catch::Contains("f0 has no rating to test"));
  CHECK_THAT(message("row,f0\n0,1\n1,1\n2,2\n"), Catch::Contains("no rating to train"));
}
