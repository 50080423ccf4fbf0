// --protocol time, --test and --train-size.

#include <algorithm>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/csv_rows.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace eval_protocols_test {
namespace {

const std::string kRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";
const std::string kTags = BALSE_SOURCE_DIR "/data/demo/tags.csv";

std::string text_of(const std::string& path) {
  std::ifstream file(path);
  return {std::istreambuf_iterator<char>(file), {}};
}

Outcome eval(std::vector<std::string> arguments, std::string_view input = {}) {
  arguments.insert(arguments.begin(), "eval");
  arguments.insert(arguments.end(), {"--models", "bias,als,lasso,balse"});
  return run_balse(arguments, input);
}

void refused(const Outcome& outcome, int code, const std::string& sentence) {
  CHECK(outcome.exit_code == code);
  CHECK(outcome.out.empty());
  CHECK_THAT(outcome.err, Contains(sentence));
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
}

/// The demo's ratings, each row with a day of its own, in another order than the rows.
std::string with_times(const std::string& column) {
  std::istringstream lines(text_of(kRatings));
  std::string text;
  std::size_t row = 0;
  for (std::string line; std::getline(lines, line); ++row) {
    text += line + "," + (row == 0 ? column : std::to_string(86400 * (row * 7 % 11503))) + "\n";
  }
  return text;
}

/// The demo's ratings in two files, the second with users and items of its own.
struct TwoFiles {
  TwoFiles() {
    std::istringstream lines(text_of(kRatings));
    std::size_t row = 0;
    for (std::string line; std::getline(lines, line); ++row) {
      (row == 0 || row % 5 != 2 ? train_text : test_text) += line + "\n";
      test_text = row == 0 ? line + "\n" : test_text;
    }
    test_text += "nobody,241,like\nnobody,nothing,love\n0,nothing,like\n";
    train = folder.write("u1.base", train_text);
    test = folder.write("u1.test", test_text);
  }

  TemporaryFolder folder;
  std::string train_text;
  std::string test_text;
  std::string train;
  std::string test;
};

}  // namespace

TEST_CASE("time tests what was rated later", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("ratings.csv", with_times("timestamp"));
  const std::string folds = folder.path("folds.csv");
  const Outcome table =
      eval({ratings, "--tags", kTags, "--protocol", "time", "--write-folds", folds});
  CHECK(table.exit_code == EX_OK);
  CHECK(table.err.empty());
  CHECK_THAT(table.out, StartsWith("time: trained on the past, one cut for all: validation from "
                                   "1987-08-21 00:00:00 UTC on, test from 1995-03-12 ") &&
                            Contains("56% train / 24% validation / 20% test\n"));
  std::vector<std::size_t> latest(3);
  std::vector<std::size_t> first(3, SIZE_MAX);
  const auto rows = csv_rows(text_of(folds));
  REQUIRE(rows.size() == 11501);
  for (std::size_t k = 1; k < rows.size(); ++k) {
    const std::size_t part = std::stoul(rows[k][1]);
    const std::size_t day = (std::stoul(rows[k][0]) + 1) * 7 % 11503;
    latest[part] = std::max(latest[part], day);
    first[part] = std::min(first[part], day);
  }
  CHECK(latest[0] < first[1]);
  CHECK(latest[1] < first[2]);
  CHECK(eval({ratings, "--tags", kTags, "--folds", folds, "--format", "csv"}).out ==
        eval({ratings, "--tags", kTags, "--protocol", "time", "--format", "csv"}).out);
}

TEST_CASE("time has a cut for each user, a share and a column", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("ratings.csv", with_times("when"));
  const std::vector<std::string> time = {ratings, "--protocol", "time", "--timestamp", "when"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), time.begin(), time.end());
    return eval(more);
  };
  CHECK_THAT(with({"--time-cut", "per-user"}).out, StartsWith("time: trained on each user's past"));
  CHECK_THAT(with({"--time-test", "50%"}).out, Contains("35% train / 15% validation / 50% test"));
  const auto json = nlohmann::json::parse(with({"--format", "json"}).out);
  CHECK_THAT(json["manifest"]["protocol"].get<std::string>(), Contains(" UTC on, test from "));
  CHECK(json["folds"].size() == 1);
  // What goes with one fold, and what a config file of the defaults has.
  CHECK(
      with({"--fold-count", "1", "--repeat", "1"}).err ==
      "balse: info: no --tags, so the LASSO and BALSE rows are left out, and BALSE+ is vb alone\n");
  const std::string config = folder.write("all.toml", run_balse({"eval", "--print-config"}).out);
  CHECK_THAT(with({"--config", config}).err,
             Contains("warning: --fold-count 5 means nothing to --protocol time"));
  refused(with({"--fold-count", "3"}), EX_USAGE, "--fold-count 3 with --protocol time");
  refused(with({"--repeat", "2"}), EX_USAGE, "--repeat 2 with --protocol time");
  refused(with({"--time-test", "0"}), EX_USAGE, "above 0 and below 1");
  refused(with({"--time-test", "95%"}), EX_USAGE, "of at most 90%");
  refused(eval({ratings, "--time-cut", "global"}), EX_USAGE, "--time-cut without --protocol time");
  refused(eval({ratings, "--time-test", "20%"}), EX_USAGE, "--time-test without --protocol time");
  refused(eval({ratings, "--timestamp", "when"}), EX_USAGE, "--timestamp without --protocol time");
}

TEST_CASE("time without times is one clear error", "[cli][eval]") {
  const TemporaryFolder folder;
  refused(eval({kRatings, "--protocol", "time"}), EX_DATAERR,
          "ratings.csv: has no column that says when a rating was given, which --protocol time "
          "needs; expected a column timestamp, time or date; try --timestamp COLUMN");
  const std::string header = "user,item,rating,timestamp\n";
  const Outcome gaps =
      eval({folder.write("gaps.csv", header + "a,x,1,5\na,y,2,\nb,x,3,7\n"), "--protocol", "time"});
  CHECK(gaps.exit_code == EX_DATAERR);
  CHECK_THAT(gaps.err, Contains("gaps.csv: 1 rating has no time, which --protocol time needs"));
  refused(eval({folder.write("same.csv", header + "a,x,1,5\na,y,2,5\nb,x,3,5\nb,y,3,5\n"),
                "--protocol", "time"}),
          EX_DATAERR, "same.csv: all ratings were given at one time, 1970-01-01 00:00:05 UTC");
}

TEST_CASE("other protocols do not look at times", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string header = "user,item,rating,timestamp\n";
  std::string text;
  for (int k = 0; k < 20; ++k) {
    text += std::to_string(k % 5) + "," + std::to_string(k / 5) + ",3,never\n";
  }
  CHECK(
      eval({folder.write("ratings.csv", header + text)}).err ==
      "balse: info: no --tags, so the LASSO and BALSE rows are left out, and BALSE+ is vb alone\n");
}

TEST_CASE("a test file's ratings are tested as folds of both files are", "[cli][eval]") {
  const TwoFiles files;
  const std::string folds = files.folder.path("folds.csv");
  const std::string rows = files.folder.path("rows.csv");
  const std::string again = files.folder.path("again.csv");
  const Outcome tested = eval({files.train, "--test", files.test, "--tags", kTags, "--predictions",
                               rows, "--write-folds", folds, "--format", "csv"});
  CHECK(tested.exit_code == EX_OK);
  CHECK(tested.err.empty());
  // All in one file, with the parts written by hand but for the validation ratings.
  const std::string all = files.folder.write(
      "all.csv", files.train_text + files.test_text.substr(files.test_text.find('\n') + 1));
  const std::size_t train =
      static_cast<std::size_t>(std::count(files.train_text.begin(), files.train_text.end(), '\n')) -
      1;
  std::size_t validation = 0;
  std::string by_hand = "row,f0\n";
  for (const std::vector<std::string>& row : csv_rows(text_of(folds))) {
    if (row[0] != "row") {
      const bool validates = row[1] == "1";
      validation += validates ? 1 : 0;
      by_hand += row[0] + (std::stoul(row[0]) >= train ? ",2\n" : validates ? ",1\n" : ",0\n");
    }
  }
  CHECK(validation == (3 * train + 5) / 10);
  const std::vector<std::vector<std::string>> both = {{all}, {files.train, files.test}};
  for (std::vector<std::string> arguments : both) {
    arguments.insert(arguments.end(), {"--folds", files.folder.write("hand.csv", by_hand), "--tags",
                                       kTags, "--predictions", again, "--format", "csv"});
    CHECK(eval(arguments).out == tested.out);
    CHECK(text_of(again) == text_of(rows));
  }
  const auto predicted = csv_rows(text_of(rows));
  const auto count = std::find(predicted[0].begin(), predicted[0].end(), "item_count");
  REQUIRE(count != predicted[0].end());
  const std::vector<std::string>& last = predicted.back();
  CHECK(last[1] == "0");
  CHECK(last[2] == "nothing");
  CHECK(last[static_cast<std::size_t>(count - predicted[0].begin())] == "0");  // cold
}

TEST_CASE("a test file is an input like others", "[cli][eval]") {
  const TwoFiles files;
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {files.train, "--test", files.test});
    return eval(more);
  };
  const Outcome plain = with({"--format", "json"});
  const auto json = nlohmann::json::parse(plain.out);
  const auto& inputs = json["manifest"]["inputs"];
  REQUIRE(inputs.size() == 2);
  CHECK(inputs[0]["role"] == "ratings");
  CHECK(inputs[1]["role"] == "test");
  CHECK(inputs[1]["path"] == files.test);
  CHECK(inputs[1]["sha256"].get<std::string>() ==
        run_command("sha256sum", {files.test}).out.substr(0, 64));
  CHECK_THAT(
      json["manifest"]["protocol"].get<std::string>(),
      StartsWith("test ratings of " + files.test + ", 56% train / 24% validation / 20% test"));

  const std::string csv = with({"--format", "csv"}).out;
  CHECK(eval({files.train, "--test", "-", "--format", "csv"}, files.test_text).out == csv);
  CHECK(eval({"-", "--test", files.test, "--format", "csv"}, files.train_text).out == csv);
  refused(eval({"-", "--test", "-"}, files.train_text), EX_USAGE,
          "standard input is named twice, by RATINGS and by --test");
  refused(with({"--output", files.test}), EX_USAGE,
          "--output would replace the file that --test names");
  for (const std::vector<std::string>& other : std::vector<std::vector<std::string>>{
           {"--protocol", "paper"}, {"--folds", "f"}, {"--fold-count", "5"}, {"--repeat", "1"}}) {
    refused(with(other), EX_USAGE, "excludes");
  }
  refused(eval({files.train, "--test", files.folder.path("none")}), EX_NOINPUT, "no such file");
  const std::string leak =
      files.folder.write("leak.csv", files.test_text + "0,581,willsee\n0,241,wontsee\n");
  const std::string line =
      std::to_string(std::count(files.test_text.begin(), files.test_text.end(), '\n') + 2);
  refused(eval({files.train, "--test", leak}), EX_DATAERR,
          "leak.csv:" + line + ": user \"0\" rates item \"241\", as line 2 of " + files.train +
              " does; 1 row tests what is trained on");
}

TEST_CASE("one train size is a table, several a curve", "[cli][eval]") {
  const TemporaryFolder folder;
  const std::string folds = folder.path("folds.csv");
  const std::string rows = folder.path("rows.csv");
  const auto with = [&](const std::string& sizes, std::vector<std::string> more) {
    more.insert(more.begin(), {kRatings, "--tags", kTags, "--fold-count", "2"});
    if (!sizes.empty()) {
      more.insert(more.end(), {"--train-size", sizes});
    }
    return eval(more);
  };
  const Outcome one = with("10%", {"--write-folds", folds, "--predictions", rows});
  CHECK(one.exit_code == EX_OK);
  CHECK_THAT(one.out, Contains("50% test, seed 42, 10% of the train and validation ratings\n"));
  const std::string text = text_of(folds);
  CHECK(std::count(text.begin(), text.end(), '3') > 2 * 3500);
  const std::string csv_of_one = with("10%", {"--format", "csv"}).out;
  CHECK(eval({kRatings, "--tags", kTags, "--folds", folds, "--format", "csv"}).out == csv_of_one);
  CHECK_THAT(text_of(rows), StartsWith("fold,user,item,rating,bias"));
  const std::string whole = with("", {"--format", "csv"}).out;
  CHECK(with("100%", {"--format", "csv"}).out == whole);

  const std::string rows_of_curve = folder.path("curve.csv");
  const Outcome curve = with("10%,100%", {"--format", "csv", "--predictions", rows_of_curve});
  CHECK(curve.err.empty());
  std::string joined = "train_size,model,subset,folds,rows,rmse,halfwidth\n";
  for (const auto& [size, csv] : {std::pair("10%,", csv_of_one), std::pair("100%,", whole)}) {
    std::istringstream lines(csv);
    std::string line;
    std::getline(lines, line);
    while (std::getline(lines, line)) {
      joined += size + line + "\n";
    }
  }
  CHECK(curve.out == joined);
  // The smaller size's rows are those of its own run, the larger one's test the same ratings.
  std::istringstream expected(text_of(rows));
  std::istringstream found(text_of(rows_of_curve));
  std::string line;
  std::string other;
  std::getline(expected, line);
  std::getline(found, other);
  CHECK(other == "train_size," + line);
  std::size_t same = 0;
  while (std::getline(expected, line) && std::getline(found, other)) {
    same += other == "10%," + line ? 1 : 0;
  }
  CHECK(same == 11500);
  const auto tested = csv_rows(text_of(rows_of_curve));
  REQUIRE(tested.size() == 1 + 2 * 11500);
  CHECK(std::equal(tested.begin() + 1, tested.begin() + 11501, tested.begin() + 11501,
                   [](const auto& left, const auto& right) {
                     return std::equal(left.begin() + 1, left.begin() + 5, right.begin() + 1);
                   }));

  const auto json = nlohmann::json::parse(with("10%,100%", {"--format", "json"}).out);
  REQUIRE(json["learning_curve"].size() == 2);
  CHECK(json["learning_curve"][0]["train_size"] == "10%");
  CHECK(json["learning_curve"][0]["folds"][0]["train_rows"] == 403);
  CHECK(json["learning_curve"][1]["train_rows"] == 4025);
  CHECK(json["learning_curve"][1]["figures"]["als"]["all"]["rows"] == 11500);
  CHECK(json["manifest"]["seed"] == 42);
  CHECK_FALSE(json.contains("figures"));
}

TEST_CASE("train sizes that make no sense are refused", "[cli][eval]") {
  const TemporaryFolder folder;
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), {kRatings, "--train-size"});
    return eval(more);
  };
  refused(with({"10%,ten"}), EX_USAGE, "--train-size has \"ten\"; expected percents above 0%");
  refused(with({"10%,10%"}), EX_USAGE, "--train-size has 10% twice");
  refused(with({"10%,20%", "--write-folds", folder.path("f.csv")}), EX_USAGE,
          "--write-folds with several sizes");
  refused(with({"6441"}), EX_DATAERR, "--train-size 6441 is 6441 ratings, and fold 0 has 6440");
  refused(with({"0.001%"}), EX_DATAERR, "--train-size 0.001% is 0 ratings");
}

}  // namespace eval_protocols_test
