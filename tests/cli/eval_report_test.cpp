#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/eval_demo.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace eval_report_test {
namespace {

nlohmann::json json_of(const std::string& path) {
  return nlohmann::json::parse(read_file(path));
}

}  // namespace

TEST_CASE("a report has all findings, and the table stays as it is", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string report = folder.path("report");
  // A picture that browsers know by its first bytes, of the most rated item.
  std::filesystem::create_directory(folder.path("posters"));
  std::ofstream(folder.path("posters/1.gif")) << "GIF89a";
  const Outcome outcome =
      eval_few({"--report", report, "--replicates", "20", "--posters", folder.path("posters")});
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  CHECK(outcome.out == eval_few({}).out);
  const nlohmann::json results = json_of(report + "/results.json");
  for (const char* key : {"schema", "schema_version", "manifest", "models", "figures", "folds",
                          "bootstrap", "comparisons", "slices", "calibration", "users", "ranking",
                          "gate", "counts", "tags", "convergence", "stages"}) {
    INFO(key);
    CHECK(results.contains(key));
  }
  for (const char* key : {"compiler", "processor", "date", "config", "folds_sha256"}) {
    INFO(key);
    CHECK(results["manifest"].contains(key));
  }
  CHECK(results["convergence"][0]["rmse"].size() == 10);
  CHECK(results["gate"].size() == 5);
  CHECK(results["tags"]["most_used"].size() == 15);
  const std::string page = read_file(report + "/index.html");
  CHECK_THAT(page, Contains("data:image/gif") && Contains("Evaluation of 4 models"));
  CHECK_THAT(page, !Contains("http://") || Contains("http://www.w3.org"));  // no network
  for (const char* name : {"table.md", "table.tex", "folds.csv", "groups.csv", "config.toml",
                           "command.txt", "figures/gate.csv"}) {
    INFO(name);
    CHECK(std::filesystem::file_size(report + "/" + name) > 0);
  }
  // The config it holds gives the same table.
  const Outcome again = run_balse({"eval", kDemoRatings, "--config", report + "/config.toml",
                                   "--report", folder.path("again")});
  INFO(again.err);
  CHECK(again.out == outcome.out);
}

TEST_CASE("a folder with other files is left alone", "[cli][eval]") {
  const TemporaryFolder folder;
  std::ofstream(folder.path("mine.txt")) << "mine";
  const Outcome outcome = eval_few({"--report", folder.path("")});
  CHECK(outcome.exit_code == EX_USAGE);
  CHECK(outcome.out.empty());
  CHECK(read_file(folder.path("mine.txt")) == "mine");
  CHECK(eval_few({"--resume", folder.path("a"), "--sweep", "als.rank=1,2"}).exit_code == EX_USAGE);
}

TEST_CASE("compare says what differs, and pairs runs of the same folds", "[cli][compare]") {
  const TemporaryFolder folder;
  const auto report = [&](const std::string& name, std::vector<std::string> more) {
    more.insert(more.end(), {"--report", folder.path(name), "--replicates", "20"});
    REQUIRE(eval_few(more).exit_code == EX_OK);
    return folder.path(name);
  };
  const std::string first = report("a", {});
  const std::string other = report("b", {"--als-rank", "3"});
  const Outcome outcome = run_balse({"compare", first, other + "/results.json", "--format", "json",
                                     "--replicates", "100", "--seed", "3"});
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  const auto json = nlohmann::json::parse(outcome.out);
  REQUIRE(json["made"].size() == 1);
  CHECK(json["made"][0]["key"] == "options.als.rank");
  CHECK(json["made"][0]["values"] == nlohmann::json({"20", "3"}));
  const double figure_a = json_of(first + "/results.json")["figures"]["als"]["all"]["rmse"];
  const double figure_b = json_of(other + "/results.json")["figures"]["als"]["all"]["rmse"];
  bool found = false;
  for (const auto& comparison : json["comparisons"]) {
    if (comparison["model"] == "als" && comparison["subset"] == "all") {
      found = true;
      CHECK(comparison["difference"].get<double>() == Approx(figure_b - figure_a));
      CHECK(comparison["low"].get<double>() < comparison["difference"].get<double>());
      CHECK(comparison["difference"].get<double>() < comparison["high"].get<double>());
    }
    if (comparison["model"] == "lasso" && comparison["subset"] == "all") {
      CHECK(comparison["difference"] == 0.0);
      CHECK(comparison["p"] == 1.0);
    }
  }
  CHECK(found);

  // Other folds: figures, but nothing is paired.
  const std::string third = report("c", {"--seed", "7"});
  const Outcome not_paired =
      run_balse({"compare", first, third, "--output", folder.path("c.md"), "--format", "markdown"});
  REQUIRE(not_paired.exit_code == EX_OK);
  CHECK_THAT(read_file(folder.path("c.md")),
             Contains("their folds are not the same") && Contains("| seed "));
  CHECK(run_balse({"compare", first}).exit_code == EX_USAGE);
  CHECK(run_balse({"compare", first, kDemoRatings}).exit_code == EX_DATAERR);
  CHECK(run_balse({"compare", first, folder.path("no")}).exit_code == EX_NOINPUT);
}

TEST_CASE("a run that was killed goes on with its finished folds, to the same bytes",
          "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string kept = folder.path("kept");
  const auto run = [&](const std::vector<std::string>& more) {
    std::vector<std::string> all = {
        "--predictions", folder.path("rows.csv"), "--tune", "als.rank=2,10", "--threads", "2"};
    all.insert(all.end(), more.begin(), more.end());
    return eval_few(all);
  };
  const Outcome whole = run({});
  const std::string rows = read_file(folder.path("rows.csv"));
  // As a run that ended after two folds leaves them: a whole run keeps all until it is told.
  std::filesystem::create_directory(kept);
  std::ofstream(kept + "/mine.txt") << "mine";
  REQUIRE(run({"--resume", kept}).exit_code == EX_OK);
  CHECK_FALSE(std::filesystem::exists(kept + "/fold-0.safetensors"));
  CHECK(std::filesystem::exists(kept + "/mine.txt"));  // not ours

  // A disk that is full at the end: the folds stay, and the next run needs but to test them.
  const std::string full = "/dev/full";
  if (std::filesystem::exists(full)) {
    const Outcome failed = run({"--resume", kept, "--output", full});
    CHECK(failed.exit_code == EX_IOERR);
    for (int fold = 0; fold < 5; ++fold) {
      CHECK(std::filesystem::exists(kept + "/fold-" + std::to_string(fold) + ".safetensors"));
    }
    std::filesystem::remove(kept + "/fold-3.safetensors");
    std::ofstream(kept + "/fold-4.safetensors") << "cut short";
    const Outcome other = run({"--resume", kept, "--als-lambda", "0.2"});
    CHECK(other.exit_code == EX_USAGE);
    CHECK_THAT(other.err, Contains("fold-0.safetensors") && Contains("of another run"));
    const Outcome resumed = run({"--resume", kept});
    INFO(resumed.err);
    REQUIRE(resumed.exit_code == EX_OK);
    CHECK(read_file(folder.path("rows.csv")) == rows);
    const auto without_seconds = [](const std::string& table) {
      return table.substr(0, table.find("Tried "));
    };
    CHECK(without_seconds(resumed.out) == without_seconds(whole.out));
    CHECK_FALSE(std::filesystem::exists(kept + "/fold-0.safetensors"));
  }
}

TEST_CASE("a sweep and an ablation are a table of each value", "[cli][eval]") {
  const auto als_alone = [](const std::string& rank) {
    return eval_few({"--format", "csv", "--als-rank", rank}).out;
  };
  const Outcome sweep = eval_few({"--format", "csv", "--sweep", "als.rank=2,10"});
  REQUIRE(sweep.exit_code == EX_OK);
  CHECK_THAT(sweep.out, Catch::StartsWith("als-rank,model,subset"));
  for (const char* rank : {"2", "10"}) {
    const std::string csv = als_alone(rank);
    const std::size_t at = csv.find("als,all,");
    CHECK_THAT(sweep.out,
               Contains(std::string(rank) + "," + csv.substr(at, csv.find('\n', at) - at)));
  }
  CHECK(eval_few({"--sweep", "als.rang=2"}).exit_code == EX_USAGE);
  // Its picture is in the report.
  const TemporaryFolder folder;
  const std::string report = folder.path("report");
  REQUIRE(eval_few({"--report", report, "--sweep", "als.rank=2,10"}).exit_code == EX_OK);
  CHECK_THAT(read_file(report + "/figures/series.csv"),
             Catch::StartsWith("als-rank,model,rmse,halfwidth\n2,bias,"));
  CHECK_THAT(read_file(report + "/index.html"), Contains("RMSE by als-rank"));
  CHECK(json_of(report + "/results.json")["sweep"].size() == 2);

  const Outcome ablation =
      eval_few({"--format", "json", "--ablate", "tags=3,1000", "--without-tags", "*jacket*"});
  REQUIRE(ablation.exit_code == EX_OK);
  const auto json = nlohmann::json::parse(ablation.out);
  REQUIRE(json["ablation"].size() == 2);
  CHECK(json["ablation"][0]["tags"] == "3");
  CHECK(json["ablation"][0]["figures"]["lasso"]["all"]["rmse"] !=
        json["ablation"][1]["figures"]["lasso"]["all"]["rmse"]);
  CHECK_THAT(ablation.err, Contains("tags left out"));
  for (const std::vector<std::string>& wrong : {std::vector<std::string>{"--ablate", "tags=0"},
                                                {"--ablate", "items=3"},
                                                {"--without-tags", "no such tag"}}) {
    CHECK(eval_few(wrong).exit_code == EX_USAGE);
  }
  CHECK(run_balse({"eval", kDemoRatings, "--ablate", "tags=3"}).exit_code == EX_USAGE);
}

}  // namespace eval_report_test
