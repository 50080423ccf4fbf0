#include <algorithm>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

const std::string kRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";
const std::string kTags = BALSE_SOURCE_DIR "/data/demo/tags.csv";

Outcome eval(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), "eval");
  return run_balse(arguments);
}

Outcome eval_demo(const std::string& protocol, std::vector<std::string> more = {}) {
  more.insert(more.begin(), {kRatings, "--tags", kTags, "--protocol", protocol});
  return eval(more);
}

/// What one cell of --format csv holds.
std::string cell(const std::string& csv, const std::string& model_and_subset, int column) {
  const std::size_t line = csv.find("\n" + model_and_subset + ",");
  REQUIRE(line != std::string::npos);
  std::size_t at = line + 1;
  for (int comma = 0; comma < column; ++comma) {
    at = csv.find(',', at) + 1;
  }
  return csv.substr(at, csv.find_first_of(",\n", at) - at);
}

constexpr int kRows = 3;
constexpr int kRmse = 4;

/// Every user has rated every item with 1, 2 or 3.
std::string grid(int users, int items) {
  std::string text;
  for (int user = 0; user < users; ++user) {
    for (int item = 0; item < items; ++item) {
      text += "u" + std::to_string(user) + ",i" + std::to_string(item) + "," +
              std::to_string(1 + (user + item * item) % 3) + "\n";
    }
  }
  return text;
}

}  // namespace

TEST_CASE("item-cold tests items that nobody rated", "[cli][eval]") {
  const Outcome table = eval_demo("item-cold");
  CHECK(table.exit_code == EX_OK);
  CHECK(table.err.empty());
  CHECK_THAT(table.out,
             StartsWith("item-cold: 5-fold cross-validation over the items, each held out whole, "
                        "56% train / 24% validation / 20% test of the items, seed 42\n"));
  CHECK_THAT(table.out, Contains("All test ratings are cold-start here"));
  // The gate saw one count alone, 0: nothing to learn a slope from.
  CHECK_THAT(table.out, Contains("Steins gate: the same weight for every count in 5 of 5 folds."));
  CHECK_THAT(table.out, !Contains("nan") && !Contains("inf"));

  const std::string csv = eval_demo("item-cold", {"--format", "csv"}).out;
  for (const std::string model : {"global-mean", "user-mean", "bias", "als", "lasso", "balse"}) {
    const std::string all = cell(csv, model + ",all", kRmse);
    CHECK(cell(csv, model + ",little-known", kRmse) == all);
    CHECK(cell(csv, model + ",cold-start", kRmse) == all);
    CHECK(cell(csv, model + ",cold-start", kRows) == "11500");
  }
  // What ALS has for an item that it does not know.
  CHECK(cell(csv, "als,all", kRmse) == cell(csv, "user-mean,all", kRmse));
  CHECK(std::stod(cell(csv, "balse,all", kRmse)) < std::stod(cell(csv, "als,all", kRmse)));
}

TEST_CASE("user-cold tests users who rated nothing", "[cli][eval]") {
  const Outcome outcome = eval_demo("user-cold", {"--format", "json"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.err.empty());
  const auto json = nlohmann::json::parse(outcome.out);
  CHECK_THAT(json["manifest"]["protocol"].get<std::string>(),
             StartsWith("user-cold: 5-fold cross-validation over the users"));
  std::size_t tested = 0;
  for (const auto& fold : json["folds"]) {
    const auto& fallbacks = fold["fallbacks"]["als"];
    CHECK(fallbacks["none"] == 0);
    CHECK(fallbacks["unseen-item"] == 0);
    tested += fallbacks["unseen-user"].get<std::size_t>();
    tested += fallbacks["unseen-both"].get<std::size_t>();
    CHECK(fold["test_rows"]["cold-start"] < fold["test_rows"]["all"]);
  }
  CHECK(tested == 11500);
  CHECK_THAT(eval_demo("user-cold").out, !Contains("All test ratings are cold-start"));
}

TEST_CASE("folds of items and of users give the same bytes when written and read", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string protocol = GENERATE("item-cold", "user-cold");
  const std::string folds = folder.path("folds.csv");
  const Outcome made = eval_demo(
      protocol, {"--format", "csv", "--repeat", "2", "--fold-count", "2", "--write-folds", folds});
  REQUIRE(made.exit_code == EX_OK);
  CHECK(cell(made.out, "als,all", kRows) == "23000");
  const Outcome read = eval({kRatings, "--tags", kTags, "--folds", folds, "--format", "csv"});
  CHECK(read.exit_code == EX_OK);
  CHECK(read.out == made.out);
  CHECK(
      eval_demo(protocol, {"--format", "csv", "--repeat", "2", "--fold-count", "2", "--seed", "43"})
          .out != made.out);
}

TEST_CASE("a fold without cold items leaves no figure for them", "[cli][eval]") {
  const TemporaryFolder folder;
  // All users have rated all items, so no item is unknown because users are.
  const Outcome outcome = eval(
      {folder.write("ratings.csv", grid(12, 12)), "--protocol", "user-cold", "--format", "csv"});
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK(cell(outcome.out, "als,cold-start", kRows) == "0");
  CHECK(cell(outcome.out, "als,cold-start", kRmse).empty());
  CHECK_FALSE(cell(outcome.out, "als,all", kRmse).empty());
}

TEST_CASE("too few items or users to hold out end with one sentence", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string wide = folder.write("wide.csv", grid(4, 12));
  const std::string high = folder.write("high.csv", grid(12, 4));
  const auto refused = [](const Outcome& outcome, int code, const char* sentence) {
    CHECK(outcome.exit_code == code);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Contains(sentence));
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  };
  refused(eval({high, "--protocol", "item-cold"}), EX_DATAERR,
          "high.csv: there are too few items to split: 4; expected 5 or more");
  refused(eval({wide, "--protocol", "user-cold"}), EX_DATAERR,
          "wide.csv: there are too few users to split: 4; expected 5 or more");
  refused(eval({wide, "--protocol", "item-cold", "--fold-count", "1"}), EX_USAGE, "at least 2");
  CHECK(eval({high, "--protocol", "item-cold", "--fold-count", "4"}).exit_code == EX_OK);
  CHECK(eval({wide, "--protocol", "item-cold"}).exit_code == EX_OK);
}
