// A model that fit writes predicts for a held-out fold what eval predicts there, on real ratings.

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run_program.hpp"
#include "parity/shared_data.hpp"

using namespace balse::test;

namespace {

std::vector<std::string> fields_of(const std::string& line) {
  std::vector<std::string> fields;
  std::istringstream text(line);
  for (std::string field; std::getline(text, field, ',');) {
    fields.push_back(field);
  }
  return fields;
}

}  // namespace

TEST_CASE("fit and predict on a held-out fold give eval's predictions", "[parity][long]") {
  BALSE_NEEDS_SHARED_DATA();
  const TemporaryFolder folder;
  const std::string ratings = shared_path("data/mal-caserec/ratings.csv");
  const std::string tags = shared_path("data/mal-caserec/tags.csv");
  const std::string folds = folder.path("folds.csv");
  REQUIRE(run_balse({"eval", ratings, "--tags", tags, "--write-folds", folds, "--predictions",
                     folder.path("rows.csv")})
              .exit_code == 0);
  REQUIRE(run_balse({"fit", ratings, "--tags", tags, "--folds", folds, "--fold", "2", "--model",
                     folder.path("model")})
              .exit_code == 0);
  std::string pairs = "user,item\n";
  std::vector<std::vector<std::string>> expected;
  std::istringstream rows(read_file(folder.path("rows.csv")));
  for (std::string line; std::getline(rows, line);) {
    if (line.starts_with("2,")) {
      expected.push_back(fields_of(line));
      pairs += expected.back()[1] + "," + expected.back()[2] + "\n";
    }
  }
  REQUIRE(expected.size() > 80'000);
  const Outcome outcome = run_balse(
      {"predict", "--model", folder.path("model"), "--no-header", "--columns", "als,lasso"}, pairs);
  REQUIRE(outcome.exit_code == 0);
  std::istringstream predictions(outcome.out);
  double largest = 0.0;
  std::size_t row = 0;
  for (std::string line; std::getline(predictions, line); ++row) {
    const std::vector<std::string> found = fields_of(line);
    REQUIRE(row < expected.size());
    REQUIRE(found[0] == expected[row][1]);
    REQUIRE(found[1] == expected[row][2]);
    // found: prediction, als, lasso; expected: ..., als, lasso, balse, item_count
    largest = std::max({largest, std::abs(std::stod(found[2]) - std::stod(expected[row][9])),
                        std::abs(std::stod(found[3]) - std::stod(expected[row][7])),
                        std::abs(std::stod(found[4]) - std::stod(expected[row][8]))});
  }
  CHECK(row == expected.size());
  INFO("largest difference " << largest);
  CHECK(largest <= 1.01e-6);
}
