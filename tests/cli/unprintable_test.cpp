// Ids, titles and paths that a terminal would obey, that a spreadsheet would compute, or that break
// the rows they are in.

#include <cstdio>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_on_terminal.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace {

// Each of the three is one that some terminal obeys.
const std::string kEscape = "\x1b[31mred";
const std::string kControl =
    "\xc2\x9b"
    "2Jclear";
const std::string kOverride =
    "\xe2\x80\xae"
    "txt.exe";

bool is_harmless(const std::string& text) {
  return text.find('\x1b') == std::string::npos && text.find("\xc2\x9b") == std::string::npos &&
         text.find("\xe2\x80\xae") == std::string::npos;
}

/// A model whose user, items, tags and titles are all hostile.
struct Hostile {
  TemporaryFolder folder;
  std::string ratings = folder.path("ratings.csv");
  std::string tags = folder.path("tags-" + kControl + ".csv");
  std::string model = folder.path("model");
  Outcome fit;

  Hostile() {
    std::string rows = "user,item,rating\n";
    std::string weights = "item,tag,weight\n";
    std::string titles = "item,title,category\n";
    for (int item = 0; item < 12; ++item) {
      const std::string id = "=i" + std::to_string(item);
      rows += "+" + kEscape + "," + id + "," + std::to_string(1 + item % 5) + "\n";
      rows += "bob," + id + "," + std::to_string(5 - item % 5) + "\n";
      weights += id + ",@" + kOverride + "," + (item % 5 > 2 ? "1" : "0.1") + "\n";
      titles += id + ",-" + kControl + "," + kOverride + "\n";
    }
    weights += "=new,@" + kOverride + ",1\n";
    titles += "=new,-" + kControl + "," + kOverride + "\n";
    folder.write("ratings.csv", rows);
    folder.write("tags-" + kControl + ".csv", weights);
    folder.write("works.csv", titles);
    fit = run_balse({"fit", ratings, "--tags", tags, "--works", folder.path("works.csv"), "--model",
                     model, "--alpha", "0.0001"});
  }
};

const Hostile& hostile() {
  static const Hostile made;
  return made;
}

}  // namespace

TEST_CASE("explain, info and messages have nothing that a terminal obeys", "[cli][unprintable]") {
  REQUIRE(hostile().fit.exit_code == EX_OK);
  const std::string user = "+" + kEscape;
  const std::vector<std::string> explain = {"explain", "--model", hostile().model, "--user", user};
  const Outcome taste = run_balse(explain);
  CHECK(is_harmless(taste.out));
  CHECK_THAT(taste.out, Contains("User +\\x1b[31mred rated 12"));
  auto with_item = explain;
  with_item.insert(with_item.end(), {"--item", "=i3"});
  const Outcome why = run_balse(with_item);
  CHECK(is_harmless(why.out));
  CHECK_THAT(why.out, Contains("-\\u009b2Jclear") && Contains("\\u202etxt.exe"));
  with_item.emplace_back("--json");
  const Outcome json = run_balse(with_item);
  CHECK(is_harmless(json.out));
  CHECK(nlohmann::json::parse(json.out)["title"] == "-" + kControl);
  const Outcome info = run_balse({"info", hostile().model});
  CHECK(is_harmless(info.out));
  CHECK_THAT(info.out, Contains("tags-\\u009b2Jclear.csv"));
  CHECK(is_harmless(run_balse({"info", hostile().model, "--json"}).out));
  const Outcome missing = run_balse({"info", hostile().folder.path(kOverride)});
  CHECK(is_harmless(missing.err));
  CHECK_THAT(missing.err, Contains("\\u202etxt.exe"));
}

TEST_CASE("rows of recommend are raw in a pipe and harmless on a terminal", "[cli][unprintable]") {
  const std::vector<std::string> recommend = {"recommend", "--model", hostile().model,
                                              "--all-users"};
  CHECK_THAT(run_balse(recommend).out, Contains("+" + kEscape) && Contains("-" + kControl));
  const auto shown = run_on_terminal(recommend, 80);
  if (!shown) {
    std::puts("SKIPPED: no pseudo-terminals here");
    return;
  }
  CHECK(is_harmless(*shown));
  CHECK_THAT(*shown, Contains("+\\x1b[31mred") && Contains("-\\u009b2Jclear"));
}

TEST_CASE("--csv-safe keeps ids, titles and tags from being formulas", "[cli][unprintable]") {
  const Outcome recommended = run_balse(
      {"recommend", "--model", hostile().model, "--all-users", "--only", "cold", "--csv-safe"});
  CHECK_THAT(recommended.out, Contains("\n'+" + kEscape + ",1,'=new,'-" + kControl + ","));
  CHECK_THAT(run_balse({"recommend", "--model", hostile().model, "--all-users"}).out,
             Contains(",=new,-"));
  const std::string pairs = "user,item,=cmd\nbob,=i1,-1\nbob,\"=i2,3\",x\n";
  const std::vector<std::string> predict = {"predict", "--model", hostile().model};
  CHECK_THAT(run_balse(predict, pairs).out, Contains("\nbob,=i1,-1,"));
  auto safe = predict;
  safe.emplace_back("--csv-safe");
  CHECK_THAT(run_balse(safe, pairs).out, StartsWith("user,item,'=cmd,prediction\nbob,'=i1,'-1,") &&
                                             Contains("\nbob,\"'=i2,3\",x,"));
  safe.insert(safe.end(), {"--format", "tsv"});
  CHECK_THAT(run_balse(safe, pairs).out, Contains("\nbob\t'=i1\t'-1\t"));
  safe.back() = "jsonl";
  CHECK(run_balse(safe, pairs).exit_code == EX_USAGE);
  const std::string rows = hostile().folder.path("rows.csv");
  CHECK(run_balse({"eval", hostile().ratings, "--predictions", rows, "--csv-safe"}).exit_code ==
        EX_OK);
  CHECK_THAT(read_file(rows), Contains(",'+" + kEscape + ",'=i") && !Contains(",=i"));
}

TEST_CASE("columns of the input that are called as those of predict get names of their own",
          "[cli][unprintable]") {
  const std::string pairs = "user,item,prediction,x,x,als\nbob,=i1,7,a,b,c\n";
  const std::vector<std::string> predict = {"predict", "--model",  hostile().model, "--columns",
                                            "als",     "--format", "jsonl"};
  const Outcome lines = run_balse(predict, pairs);
  CHECK_THAT(lines.out, StartsWith(R"({"user":"bob","item":"=i1","prediction_2":"7","x":"a",)"
                                   R"("x_2":"b","als_2":"c","prediction":)"));
  CHECK_THAT(lines.err, Contains("prediction as prediction_2") && Contains("x as x_2"));
  const Outcome csv = run_balse({"predict", "--model", hostile().model},
                                "user,item,prediction,prediction_2\nbob,=i1,7,8\n");
  CHECK_THAT(csv.out, StartsWith("user,item,prediction_3,prediction_2,prediction\nbob,=i1,7,8,"));
}

TEST_CASE("tabs and returns in a field do not break rows of TSV", "[cli][unprintable]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  std::string rows = "user,item,rating\n";
  for (int item = 0; item < 8; ++item) {
    rows += "u," + std::to_string(item) + "," + std::to_string(1 + item % 5) + "\n";
  }
  REQUIRE(run_balse({"fit", folder.write("r.csv", rows), "--model", model}).exit_code == EX_OK);
  const Outcome tsv = run_balse({"predict", "--model", model, "--format", "tsv"},
                                "user,item,note\nu,1,\"a\rb\tc\"\n");
  CHECK_THAT(tsv.out, Contains("\nu\t1\ta b c\t"));
}
