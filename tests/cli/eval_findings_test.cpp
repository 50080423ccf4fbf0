#include <algorithm>
#include <fstream>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/csv_rows.hpp"
#include "cli/eval_demo.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace eval_findings_test {
namespace {

/// The row of one model in a table as text.
std::string row_of(const std::string& table, const std::string& title) {
  std::istringstream lines(table);
  for (std::string line; std::getline(lines, line);) {
    if (line.rfind(title + "  ", 0) == 0) {
      return line.substr(title.size());
    }
  }
  return "no row " + title;
}

}  // namespace

TEST_CASE("intervals and pairs stand beside the same figures", "[cli][eval]") {
  const Outcome plain = eval_few({"--format", "csv"});
  const Outcome outcome =
      eval_few({"--format", "csv", "--bootstrap", "users", "--replicates", "50"});
  REQUIRE(outcome.exit_code == EX_OK);
  const auto before = csv_rows(plain.out);
  const auto rows = csv_rows(outcome.out);
  REQUIRE(rows.size() == before.size());
  CHECK(rows[0] == std::vector<std::string>{"model", "subset", "folds", "rows", "rmse", "halfwidth",
                                            "mae", "low", "high"});
  for (std::size_t k = 1; k < rows.size(); ++k) {
    CHECK(std::equal(before[k].begin(), before[k].end(), rows[k].begin()));
    CHECK(std::stod(rows[k][7]) <= std::stod(rows[k][4]));
    CHECK(std::stod(rows[k][4]) <= std::stod(rows[k][8]));
    CHECK(std::stod(rows[k][6]) < std::stod(rows[k][4]));  // mean absolute error
  }
  const Outcome table = eval_few({"--bootstrap", "items", "--replicates", "50", "--slices"});
  CHECK_THAT(table.out, Contains("50 bootstrap samples of the items") && Contains("] *") &&
                            Contains("user+item bias - BALSE") && Contains("item-count 31-100"));
}

TEST_CASE("json holds all findings, the same at any number of threads", "[cli][eval]") {
  const auto run = [](const std::string& threads) {
    const Outcome outcome =
        eval_few({"--format", "json", "--bootstrap", "users", "--replicates", "40", "--ranking",
                  "--ranking-places", "5", "--ranking-relevant", "2", "--ranking-users", "20",
                  "--threads", threads});
    REQUIRE(outcome.exit_code == EX_OK);
    return nlohmann::json::parse(outcome.out);
  };
  const nlohmann::json one = run("1");
  const nlohmann::json two = run("2");
  CHECK(one["schema"] == "balse-results");
  CHECK(one["schema_version"] == 1);
  for (const char* key : {"figures", "comparisons", "slices", "calibration", "users", "ranking"}) {
    INFO(key);
    REQUIRE(one.contains(key));
    CHECK(one[key] == two[key]);
  }
  CHECK(one["comparisons"].size() == 3 * 6);
  CHECK(one["ranking"]["k"] == 5);
  CHECK(one["ranking"]["relevant"] == 2.0);
  CHECK(one["ranking"]["catalogue"]["users"] == 5 * 20);
  CHECK(one["ranking"]["test_items"]["models"]["als"]["ndcg"]["value"] > 0.3);
  CHECK(one["models"][3]["kind"] == "blend");
}

TEST_CASE("BALSE's own predictions are scored as its own row is", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string rows = folder.path("rows.csv");
  REQUIRE(eval_few({"--predictions", rows}).exit_code == EX_OK);
  const Outcome outcome = eval_few({"--score", "mine=" + rows + ":balse"});
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK(row_of(outcome.out, "mine").substr(row_of(outcome.out, "mine").find_first_not_of(' ')) ==
        row_of(outcome.out, "BALSE").substr(row_of(outcome.out, "BALSE").find_first_not_of(' ')));

  // By rows: the same predictions for whatever fold tests them.
  std::string by_row = "row;prediction\n";
  for (int row = 0; row < 11500; ++row) {
    by_row += std::to_string(row) + ";0.8\n";
  }
  std::ofstream(folder.path("constant.csv")) << by_row;
  const Outcome constant = eval_few(
      {"--score", "constant=" + folder.path("constant.csv"), "--format", "json", "--slices"});
  REQUIRE(constant.exit_code == EX_OK);
  const auto json = nlohmann::json::parse(constant.out);
  CHECK(json["models"].back()["kind"] == "score");
  CHECK(json["figures"]["constant"]["all"]["rmse"] > 1.3);
  CHECK(json["manifest"]["inputs"].back()["role"] == "score");
}

TEST_CASE("scores that cannot be meant are refused with their place", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("s.csv");
  struct Case {
    std::string text;
    std::string sentence;
  };
  const std::vector<Case> cases = {
      {"row,prediction\n0,1\n1,x\n", "s.csv:3: found \"x\"; expected a number as the prediction"},
      {"row,prediction\n0,nan\n", "s.csv:2: found \"nan\""},
      {"row,prediction\n11500,1\n", "s.csv:2: found \"11500\"; expected a row of the rating file"},
      {"row,guess\n0,1\n", "s.csv:1: found \"row,guess\"; expected the columns"},
      {"row,prediction\n0,1\n",
       "has no prediction for 11499 test ratings; the first is row 3 of fold 0"},
      {"row,prediction\n0,1\n0,2\n",
       "s.csv:3: found \"2\"; expected the same prediction as before"},
      {"fold,user,item,prediction\n7,1,1,1\n", "s.csv:2: found \"7\"; expected a fold from 0 to 4"},
      {"", "s.csv:"},
  };
  for (const auto& [text, sentence] : cases) {
    std::ofstream(path) << text;
    const Outcome outcome = eval_few({"--score", "mine=" + path});
    INFO(outcome.err);
    CHECK(outcome.exit_code == EX_DATAERR);
    CHECK_THAT(outcome.err, Contains(sentence));
    CHECK(outcome.out.empty());
  }
  for (const std::string& wrong :
       {std::string("mine"), "=" + path, std::string("mine="), "balse=" + path}) {
    INFO(wrong);
    CHECK(eval_few({"--score", wrong}).exit_code == EX_USAGE);
  }
  CHECK(eval_few({"--score", "a=" + path, "--score", "a=" + path}).exit_code == EX_USAGE);
  CHECK(eval_few({"--score", "a=" + folder.path("no")}).exit_code == EX_NOINPUT);
}

TEST_CASE("what was tuned is said, with the options that repeat it", "[cli][eval]") {
  const Outcome outcome = eval_few({"--tune", "als.rank=2,20;lasso.alpha=0.01:0.1:log",
                                    "--tune-search", "random", "--tune-budget", "2"});
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.out, Contains("Tuned on the validation ratings of each fold: als-rank ") &&
                              Contains("Best over all folds: --als-rank "));
  const Outcome json = eval_few({"--tune", "als.rank=2,20", "--format", "json"});
  const auto tuning = nlohmann::json::parse(json.out)["tuning"];
  CHECK(tuning["folds"].size() == 5);
  CHECK(tuning["folds"][0]["tried"].size() == 2);
  CHECK(tuning["values"].contains("als-rank"));
  const Outcome wrong = eval_few({"--tune", "als.rank=none"});
  CHECK(wrong.exit_code == EX_USAGE);
  CHECK_THAT(wrong.err, Contains("--als-rank is \"none\""));
}

}  // namespace eval_findings_test
