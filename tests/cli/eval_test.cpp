#include <algorithm>
#include <cmath>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace eval_test {
namespace {

const std::string kRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";
const std::string kTags = BALSE_SOURCE_DIR "/data/demo/tags.csv";

Outcome eval(std::vector<std::string> arguments, std::string_view input = {}) {
  arguments.insert(arguments.begin(), "eval");
  return run_balse(arguments, input);
}

Outcome eval_demo(std::vector<std::string> more = {}) {
  more.insert(more.begin(), {kRatings, "--tags", kTags});
  return eval(more);
}

/// Where only the way through the program matters: BALSE+ takes ten times as long, more under
/// sanitizers.
Outcome eval_quickly(std::vector<std::string> more = {}) {
  more.insert(more.end(), {"--models", "als,lasso,balse"});
  return eval_demo(more);
}

/// The RMSE of a line of --format csv.
double figure(const std::string& csv, const std::string& model_and_subset) {
  const std::size_t line = csv.find("\n" + model_and_subset + ",");
  REQUIRE(line != std::string::npos);
  std::size_t at = line;
  for (int comma = 0; comma < 4; ++comma) {
    at = csv.find(',', at + 1);
  }
  return std::stod(csv.substr(at + 1));
}

}  // namespace

TEST_CASE("eval prints the table of the demo data, and nothing else when piped", "[cli][eval]") {
  const Outcome outcome = eval_demo();
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.err.empty());
  for (const char* row : {"global mean", "user mean", "user+item bias", "ALS", "LASSO", "BALSE"}) {
    CHECK_THAT(outcome.out, Contains(std::string("\n") + row + " "));
  }
  CHECK_THAT(outcome.out,
             Contains("5-fold cross-validation, 56% train / 24% validation / 20% test"));
  CHECK_THAT(outcome.out, Contains("\nfolds with any, n "));
}

TEST_CASE("on the demo data posters help where ratings are missing", "[cli][eval]") {
  const std::string csv = eval_demo({"--format", "csv"}).out;
  CHECK_THAT(csv, StartsWith("model,subset,folds,rows,rmse,halfwidth\n"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 22);
  CHECK(figure(csv, "balse,all") <= figure(csv, "als,all"));
  CHECK(figure(csv, "balse,all") <= figure(csv, "lasso,all"));
  CHECK(figure(csv, "balse,cold-start") < figure(csv, "als,cold-start"));
}

TEST_CASE("the same seed gives the same bytes at any thread count", "[cli][eval]") {
  const TemporaryFolder folder;
  const auto run = [&](const std::string& threads, const std::string& seed) {
    const std::string rows = folder.path("rows" + threads + ".csv");
    const Outcome outcome = eval_demo(
        {"--threads", threads, "--seed", seed, "--fold-count", "2", "--predictions", rows});
    REQUIRE(outcome.exit_code == EX_OK);
    return outcome.out + read_file(rows);
  };
  const std::string one = run("1", "42");
  CHECK(run("2", "42") == one);
  CHECK(run("5", "42") == one);
  CHECK(run("2", "43") != one);
}

TEST_CASE("predictions hold one row for each test rating", "[cli][eval]") {
  const TemporaryFolder folder;
  REQUIRE(eval_demo({"--predictions", folder.path("rows.csv")}).exit_code == EX_OK);
  const std::string rows = read_file(folder.path("rows.csv"));
  CHECK_THAT(
      rows,
      StartsWith("fold,user,item,rating,global-mean,user-mean,bias,als,lasso,balse,balse-plus,"
                 "item_count,user_count,has_tags,als_weight,fallback,deviation\n0,"));
  CHECK(std::count(rows.begin(), rows.end(), '\n') == 11501);
  CHECK_THAT(rows, Contains(",0.1,"));  // neutral, not 0.100000001
}

TEST_CASE("without tags two rows are left out and a line says so", "[cli][eval]") {
  const Outcome outcome = eval({kRatings});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.out, !Contains("\nLASSO"));
  CHECK_THAT(outcome.out, !Contains("\nBALSE "));
  CHECK_THAT(outcome.out, Contains("\nALS"));
  CHECK_THAT(outcome.err, Contains("no --tags"));
}

TEST_CASE("json holds figures and the manifest", "[cli][eval]") {
  const Outcome outcome = eval_demo({"--format", "json", "--seed", "7", "--threads", "1"});
  const auto json = nlohmann::json::parse(outcome.out);
  const auto& manifest = json["manifest"];
  CHECK(manifest["seed"] == 7);
  CHECK(manifest["threads"] == 1);
  CHECK(manifest["command_line"][1] == "eval");
  CHECK(manifest["inputs"].size() == 2);
  CHECK(manifest["inputs"][0]["sha256"].get<std::string>().size() == 64);
  CHECK(manifest["options"]["als"]["rank"] == 20);
  CHECK(manifest["options"]["clip_range"] == nlohmann::json({-2.0, 2.0}));
  CHECK(manifest["seconds"].get<double>() > 0.0);
  CHECK(json["figures"]["balse"]["all"]["rmse"].get<double>() > 0.5);
  REQUIRE(json["folds"].size() == 5);
  CHECK(json["folds"][0]["gate"]["beta"].get<double>() >= 0.0);
  CHECK(json["folds"][0]["lasso"]["not_converged"] == 0);
  CHECK(json["folds"][4]["test_rows"]["all"] == 2300);
}

TEST_CASE("folds that were written give the same figures when read", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string folds = folder.path("folds.csv");
  const std::string made = eval_quickly({"--format", "csv", "--write-folds", folds}).out;
  CHECK(eval_quickly({"--format", "csv", "--folds", folds}).out == made);
  CHECK(eval_quickly({"--format", "csv", "--folds", folds, "--fold-set", "fold"}).out == made);
  const Outcome wrong = eval_quickly({"--folds", folds, "--fold-set", "nb"});
  CHECK(wrong.exit_code == EX_USAGE);
  CHECK_THAT(wrong.err, Contains("nb") && Contains("fold"));
}

TEST_CASE("the notebook preset has its protocol and options", "[cli][eval]") {
  const Outcome outcome = eval_quickly({"--preset", "notebook", "--format", "json"});
  const auto manifest = nlohmann::json::parse(outcome.out)["manifest"];
  CHECK(manifest["options"]["als"]["rank"] == 10);
  CHECK(manifest["options"]["als"]["unseen"] == "initial");
  CHECK(manifest["options"]["lasso"]["tag_scaling"] == "sd");
  CHECK(manifest["options"]["gate"]["method"] == "descent");
  CHECK_THAT(manifest["protocol"].get<std::string>(), Contains("random splits"));
  CHECK_THAT(manifest["options"]["little_known"].get<std::string>(), Contains("1000"));
  const Outcome changed = eval_quickly({"--preset", "notebook", "--rank", "5", "--format", "json"});
  CHECK(nlohmann::json::parse(changed.out)["manifest"]["options"]["als"]["rank"] == 5);
}

TEST_CASE("ratings come from standard input too", "[cli][eval]") {
  const Outcome outcome =
      eval({"-", "--tags", kTags, "--models", "als", "--format", "csv"}, read_file(kRatings));
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.out == eval_demo({"--models", "als", "--format", "csv"}).out);
  CHECK(eval({"-", "--tags", "-"}).exit_code == EX_USAGE);
}

TEST_CASE("--output writes the file whole and leaves stdout empty", "[cli][eval]") {
  const TemporaryFolder folder;
  const Outcome outcome =
      eval_quickly({"--format", "markdown", "--output", folder.path("table.md")});
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.out.empty());
  CHECK_THAT(read_file(folder.path("table.md")), StartsWith("| RMSE"));
  CHECK(eval_quickly({"--output", folder.path("missing/table.md")}).exit_code == EX_CANTCREAT);
}

TEST_CASE("bad input changes nothing and names file, line and text", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string old_table = folder.write("table.txt", "yesterday's\n");
  const auto outcome_of = [&](const std::string& text) {
    return eval({folder.write("ratings.csv", text), "--output", old_table, "--predictions",
                 folder.path("rows.csv"), "--write-folds", folder.path("folds.csv")});
  };
  struct Case {
    std::string text;
    std::vector<std::string> words;
  };
  const std::vector<Case> cases = {
      {"a,b,4\na,c,nan\n", {"ratings.csv:2", "nan"}},
      {"a,b,4\na,c,inf\n", {"ratings.csv:2", "inf"}},
      {"user,item,rating\na,b,like\na,c,lve\n", {"ratings.csv:3", "lve", "--scale"}},
      {"a,b\nc,d\n", {"ratings.csv:1", "--columns"}},
      {"", {"ratings.csv"}},
      {"user,item,rating\n", {"ratings.csv"}},
      {std::string("a,b,4\na,\0c,5\n", 13), {"ratings.csv", "binary"}},
      {"a,b,4\nz\xe9,c,5\n", {"ratings.csv:2", "UTF-8"}},
      {"a,b,1\na,c,2\n", {"ratings.csv", "too few"}},
  };
  for (const Case& bad : cases) {
    INFO(bad.text);
    const Outcome outcome = outcome_of(bad.text);
    CHECK(outcome.exit_code == EX_DATAERR);
    CHECK(outcome.out.empty());
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    for (const std::string& word : bad.words) {
      CHECK_THAT(outcome.err, Contains(word));
    }
    CHECK(read_file(old_table) == "yesterday's\n");
    CHECK_FALSE(std::filesystem::exists(folder.path("rows.csv")));
    CHECK_FALSE(std::filesystem::exists(folder.path("folds.csv")));
  }
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), {}) == 2);
}

TEST_CASE("--skip-bad-rows goes on and says what it left out", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string path =
      folder.write("ratings.csv", read_file(kRatings) + "0,1,lve\n0,2,\n,3,like\n");
  CHECK(eval({path}).exit_code == EX_DATAERR);
  const Outcome outcome = eval({path, "--skip-bad-rows", "--models", "als", "--format", "csv"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("skipped 3 of 11503 rows") && Contains("lve"));
  CHECK(outcome.out == eval({kRatings, "--models", "als", "--format", "csv"}).out);
}

TEST_CASE("bad tags name file and line", "[cli][eval]") {
  const TemporaryFolder folder;
  const Outcome outcome =
      eval({kRatings, "--tags", folder.write("tags.csv", "item,tag,weight\n1,hat,1.5\n")});
  CHECK(outcome.exit_code == EX_DATAERR);
  CHECK_THAT(outcome.err,
             Contains("tags.csv:2") && Contains("1.5") && Contains("a number from 0 to 1"));
  const Outcome strangers =
      eval({kRatings, "--tags", folder.write("tags.csv", "item,tag,weight\nx,hat,0.5\n")});
  CHECK(strangers.exit_code == EX_OK);
  CHECK_THAT(strangers.err, Contains("none of its items is rated"));
}

TEST_CASE("wrong usage ends with 64 and a missing file with 66", "[cli][eval]") {
  for (const std::vector<std::string>& words : {std::vector<std::string>{"--rank", "0"},
                                                {"--rank", "many"},
                                                {"--lambda", "-1"},
                                                {"--format", "html"},
                                                {"--protocol", "lottery"},
                                                {"--clip-range", "2"},
                                                {"--nonsense"},
                                                {"--fold-count", "1"},
                                                {"--alpha", "-1"},
                                                {"--scale", "x"},
                                                {"--columns", "user=0"},
                                                {"--threads", "-1"},
                                                {"--seed", "-1"},
                                                {"--clip-range", "2:-2"},
                                                {"--lasso-gap", "0"}}) {
    INFO(words[0]);
    const Outcome outcome = eval_demo(words);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK(outcome.out.empty());
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  }
  CHECK(eval({"no/such/file.csv"}).exit_code == EX_NOINPUT);
  CHECK(eval({kRatings, "--tags", "no/such/file.csv"}).exit_code == EX_NOINPUT);
  const TemporaryFolder empty;
  CHECK(eval({empty.path("")}).exit_code == EX_NOINPUT);
  CHECK(run_balse({}).exit_code == EX_USAGE);
  CHECK(run_balse({"evla"}).exit_code == EX_USAGE);
}

TEST_CASE("help shows an example, the exit codes and the defaults", "[cli]") {
  const Outcome outcome = run_balse({"eval", "--help"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK(outcome.err.empty());
  for (const char* words :
       {"balse eval data/demo/ratings.csv --tags data/demo/tags.csv", "65 bad data", "--rank N=20",
        "{paper,notebook,item-cold,user-cold,time}=paper",
        "{train+validation,train}=train+validation", "--repeat N=1"}) {
    CHECK_THAT(outcome.out, Contains(words));
  }
  CHECK_THAT(run_balse({"--version"}).out, StartsWith("balse "));
}

TEST_CASE("an output never replaces an input or another output", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("ratings.csv", read_file(kRatings));
  for (const std::vector<std::string>& words :
       {std::vector<std::string>{"--output", ratings},
        {"--predictions", folder.path("./ratings.csv")},
        {"--output", folder.path("x"), "--predictions", folder.path("x")},
        {"--write-folds", folder.path("x"), "--predictions", folder.path("x")}}) {
    std::vector<std::string> arguments = words;
    arguments.insert(arguments.begin(), ratings);
    const Outcome outcome = eval(arguments);
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("would replace"));
  }
  CHECK(read_file(ratings) == read_file(kRatings));
}

TEST_CASE("numbers that ALS cannot hold end the run instead of leaving gaps", "[cli][eval]") {
  // Whether this one overflows is up to the last bits of its sums; a gap it must not leave.
  const Outcome outcome =
      eval_demo({"--lambda", "1e-300", "--als-centring", "none", "--format", "csv"});
  if (outcome.exit_code == EX_OK) {
    CHECK(std::isfinite(figure(outcome.out, "als,all")));
    CHECK(std::isfinite(figure(outcome.out, "balse,all")));
  } else {
    CHECK(outcome.exit_code == EX_DATAERR);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Contains("did not stay finite with lambda 1e-300"));
  }
  const TemporaryFolder folder;
  std::string text;
  for (int k = 0; k < 60; ++k) {
    text += "u" + std::to_string(k % 6) + ",i" + std::to_string(k / 6) + "," +
            (k % 2 == 0 ? "3e37" : "-3e37") + "\n";
  }
  const Outcome huge = eval({folder.write("huge.csv", text), "--lambda", "1e-200"});
  CHECK(huge.exit_code == EX_DATAERR);
  CHECK(huge.out.empty());
  CHECK_THAT(huge.err, Contains("did not stay finite with lambda 1e-200"));
}

TEST_CASE("one fold has a figure but no interval", "[cli][eval]") {
  const std::string csv =
      eval_demo({"--protocol", "notebook", "--fold-count", "1", "--format", "csv"}).out;
  CHECK_THAT(csv, Contains("\nals,all,1,1150,1."));
  for (std::size_t at = csv.find('\n'); at + 1 < csv.size(); at = csv.find('\n', at + 1)) {
    CHECK(csv[csv.find('\n', at + 1) - 1] == ',');
  }
}

TEST_CASE("the manifest names the folds file", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string folds = folder.path("folds.csv");
  REQUIRE(eval_quickly({"--write-folds", folds, "--fold-set", "nb1"}).exit_code == EX_OK);
  const Outcome outcome = eval_quickly({"--folds", folds, "--fold-set", "nb1", "--format", "json"});
  REQUIRE(outcome.exit_code == EX_OK);
  const auto inputs = nlohmann::json::parse(outcome.out)["manifest"]["inputs"];
  REQUIRE(inputs.size() == 3);
  CHECK(inputs[2]["role"] == "folds");
  CHECK(inputs[2]["sha256"].get<std::string>().size() == 64);
  CHECK(eval_quickly({"--folds", folds, "--fold-count", "3"}).exit_code == EX_USAGE);
}

TEST_CASE("words never end up in an output file, whatever is closed", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string table = folder.path("table.txt");
  const std::string command = std::string(BALSE_PROGRAM) + " eval " + kRatings +
                              " --models als --output " + table + " 2>&-";
  CHECK(run_command("sh", {"-c", command}).exit_code == EX_OK);
  CHECK_THAT(read_file(table), StartsWith("5-fold"));
  const std::string closed =
      std::string(BALSE_PROGRAM) + " eval " + kRatings + " --models als 1>&-";
  CHECK(run_command("sh", {"-c", closed}).exit_code == EX_IOERR);
}

TEST_CASE("a run that is killed leaves no temporary file", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string command = std::string(BALSE_PROGRAM) + " eval " + kRatings +
                              " --repeat 2000 --predictions " + folder.path("rows.csv") +
                              " & sleep 0.7; kill -TERM $!; wait $!";
  const Outcome outcome = run_command("sh", {"-c", command});
  CHECK(outcome.exit_code == 128 + 15);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a command that does not exist is named", "[cli]") {
  const Outcome outcome = run_balse({"evla"});
  CHECK_THAT(outcome.err, Contains("evla") && Contains("did you mean eval?"));
  CHECK(run_command("sh", {"-c", std::string(BALSE_PROGRAM) + " --help > /dev/full"}).exit_code ==
        EX_IOERR);
}

}  // namespace eval_test
