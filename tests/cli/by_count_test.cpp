// A gate that is no sigmoid, through every command.

#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace by_count_test {
namespace {

const std::string kRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";
const std::string kTags = BALSE_SOURCE_DIR "/data/demo/tags.csv";

Outcome run(const std::string& command, const std::vector<std::string>& more) {
  std::vector<std::string> arguments = {command, kRatings, "--tags", kTags};
  arguments.insert(arguments.end(), more.begin(), more.end());
  Outcome outcome = run_balse(arguments);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return outcome;
}

nlohmann::json evaluated(const std::string& gate) {
  return nlohmann::json::parse(
      run("eval", {"--gate", gate, "--models", "als,lasso,balse", "--format", "json"}).out);
}

/// A model whose gate is by count, fitted once for all tests.
const std::string& by_count_model() {
  static const TemporaryFolder kFolder;
  static const std::string kPath = [] {
    std::string model = kFolder.path("model");
    run("fit", {"--model", model, "--gate", "by-count"});
    return model;
  }();
  return kPath;
}

nlohmann::json info(const std::string& model) {
  return nlohmann::json::parse(run_balse({"info", "--json", model}).out);
}

/// The level that a count lies in, of the "gate" of info or of a fold.
double weight_at(const nlohmann::json& gate, int count) {
  double weight = gate["level_weight"].at(0).get<double>();
  for (std::size_t k = 0; k < gate["level_from"].size(); ++k) {
    if (gate["level_from"][k].get<double>() <= count) {
      weight = gate["level_weight"][k].get<double>();
    }
  }
  return weight;
}

}  // namespace

TEST_CASE("eval --gate by-count fits validation at least as well as the sigmoid",
          "[cli][by-count]") {
  const auto sigmoid = evaluated("optimum");
  const auto by_count = evaluated("by-count");
  CHECK(by_count["manifest"]["options"]["gate"]["method"] == "by-count");
  for (int fold = 0; fold < 5; ++fold) {
    const auto& before = sigmoid["folds"][fold]["gate"];
    const auto& gate = by_count["folds"][fold]["gate"];
    CHECK(gate["validation_rmse_sigmoid"] == before["validation_rmse"]);
    CHECK(gate["validation_rmse"].get<double>() <= before["validation_rmse"].get<double>() + 1e-12);
    CHECK(gate["validation_rmse_als"] == before["validation_rmse_als"]);
    CHECK_FALSE(gate.contains("beta"));
    const auto& weight = gate["level_weight"];
    REQUIRE(weight.size() > 1);
    REQUIRE(weight.size() == gate["level_from"].size());
    for (std::size_t k = 0; k < weight.size(); ++k) {
      CHECK(weight[k].get<double>() >= (k == 0 ? 0.0 : weight[k - 1].get<double>()));
      CHECK(weight[k].get<double>() <= 1.0);
    }
  }
  for (const char* const block : {"als", "lasso"}) {
    CHECK(by_count["figures"][block] == sigmoid["figures"][block]);
  }
  CHECK(by_count["figures"]["balse"] != sigmoid["figures"]["balse"]);
}

TEST_CASE("the table of eval says what weighs what at which count", "[cli][by-count]") {
  const std::string table = run("eval", {"--gate", "by-count", "--models", "balse"}).out;
  CHECK_THAT(table, Contains("Steins gate: by count, ALS weighs 0.") &&
                        Contains(" at 0 ratings, ") && Contains(" at 10, ") &&
                        Contains(", mean over 5 folds."));
  // Items held out whole have one count, and one weight: that of the sigmoid.
  const std::string cold = run("eval", {"--gate", "by-count", "--protocol", "item-cold", "--models",
                                        "balse", "--format", "csv"})
                               .out;
  CHECK(cold ==
        run("eval", {"--protocol", "item-cold", "--models", "balse", "--format", "csv"}).out);
}

TEST_CASE("fit, info and predict agree on the weights by count", "[cli][by-count]") {
  const std::string& model = by_count_model();
  const auto gate = info(model)["gate"];
  CHECK(gate["levels"] == gate["level_from"].size());
  CHECK(gate["weight_of_als_for_0_ratings"].get<double>() == weight_at(gate, 0));
  CHECK(gate["weight_of_als_for_100_ratings"].get<double>() == weight_at(gate, 100));
  CHECK_THAT(run_balse({"info", model}).out,
             Contains("levels " + std::to_string(gate["levels"].get<int>()) +
                      ", weight of als for 0 ratings 0.") &&
                 Contains("gate.by_count"));

  std::map<std::string, int> count;
  std::istringstream ratings(read_file(kRatings));
  for (std::string line; std::getline(ratings, line);) {
    const std::size_t comma = line.find(',');
    ++count[line.substr(comma + 1, line.find(',', comma + 1) - comma - 1)];
  }
  std::string pairs = "10,never heard of\n";
  for (int item = 0; item < 200; ++item) {
    pairs += "10," + std::to_string(item) + "\n";
  }
  std::istringstream rows(
      run_balse({"predict", "--model", model, "--no-header", "--columns", "als,lasso,weight"},
                pairs)
          .out);
  int seen = 0;
  for (std::string line; std::getline(rows, line); ++seen) {
    std::istringstream fields(line);
    std::vector<std::string> field(6);
    for (std::string& text : field) {
      std::getline(fields, text, ',');
    }
    const double weight = std::stod(field[5]);
    CHECK(weight == Approx(weight_at(gate, count[field[1]])).margin(1e-6));
    CHECK(std::stod(field[2]) ==
          Approx(weight * std::stod(field[3]) + (1.0 - weight) * std::stod(field[4])).margin(1e-5));
  }
  CHECK(seen == 201);
}

TEST_CASE("what a gate by count recommends can be explained", "[cli][by-count]") {
  const std::string& model = by_count_model();
  CHECK(run_balse({"recommend", "--model", model, "--user", "10", "-n", "3"}).exit_code == EX_OK);
  const auto why = nlohmann::json::parse(
      run_balse({"explain", "--model", model, "--user", "10", "--item", "111", "--json"}).out);
  const double weight = why["als_weight"].get<double>();
  CHECK(weight == weight_at(info(model)["gate"], why["item_ratings"].get<int>()));
  CHECK(why["prediction"].get<double>() ==
        Approx(weight * why["als"].get<double>() + (1.0 - weight) * why["lasso"].get<double>()));
}

TEST_CASE("fit says the weights by count, and starts from any other gate", "[cli][by-count]") {
  const TemporaryFolder folder;
  const std::string sigmoid = folder.path("sigmoid");
  run("fit", {"--model", sigmoid});
  const Outcome cold = run("fit", {"--model", folder.path("cold"), "--gate", "by-count"});
  CHECK_THAT(cold.err, Contains("Steins gate: by count, ") && Contains(" weights of ALS from 0.") &&
                           Contains("; validation RMSE 1."));
  const auto expected = info(folder.path("cold"))["gate"];
  for (const std::string& start : {sigmoid, by_count_model()}) {
    run("fit", {"--model", folder.path("warm"), "--gate", "by-count", "--warm-start", start});
    const auto gate = info(folder.path("warm"))["gate"];
    CHECK(weight_at(gate, 0) == Approx(weight_at(expected, 0)).margin(0.1));
    CHECK(weight_at(gate, 30) == Approx(weight_at(expected, 30)).margin(0.1));
  }
  run("fit", {"--model", folder.path("warm"), "--warm-start", by_count_model()});
  CHECK(info(folder.path("warm"))["gate"].contains("beta"));
}

TEST_CASE("without validation ratings there are no weights by count", "[cli][by-count]") {
  const TemporaryFolder folder;
  const Outcome outcome =
      run("fit", {"--model", folder.path("m"), "--gate", "by-count", "--validation", "0"});
  CHECK_THAT(outcome.err, Contains("beta 1, gamma 0.5; no validation ratings"));
  CHECK(info(folder.path("m"))["gate"]["beta"] == 1.0);
}

TEST_CASE("a config file may ask for a gate by count", "[cli][by-count]") {
  const TemporaryFolder folder;
  const std::string printed = run_balse({"fit", "--gate", "by-count", "--print-config"}).out;
  CHECK_THAT(printed, Contains("gate-method = \"by-count\"\n"));
  run("fit", {"--model", folder.path("m"), "--config", folder.write("c.toml", printed)});
  CHECK(info(folder.path("m"))["gate"] == info(by_count_model())["gate"]);
}

}  // namespace by_count_test
