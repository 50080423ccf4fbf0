// --ratings of predict, recommend and explain: users who are new, or have rated more since the fit.

#include <algorithm>
#include <fstream>
#include <set>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/csv_rows.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace ratings_input_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

/// Models of the demo data, fitted once for all tests.
std::string fitted(const std::string& blend) {
  static const TemporaryFolder folder;
  std::string path = folder.path(blend);
  if (!std::ifstream(path)) {
    REQUIRE(run_balse({"fit", kData + "ratings.csv", "--tags", kData + "tags.csv", "--works",
                       kData + "works.csv", "--blend", blend, "--vb-sweeps", "3", "--vb-new-sweeps",
                       "3", "--model", path})
                .exit_code == EX_OK);
  }
  return path;
}

/// The ratings of user 10 of the demo data under another id.
std::string ratings_of_ten(const std::string& id) {
  std::ifstream file(kData + "ratings.csv");
  std::string text = "user,item,rating\n";
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("10,")) {
      text += id + line.substr(2) + "\n";
    }
  }
  return text;
}

}  // namespace
}  // namespace ratings_input_test

using namespace ratings_input_test;

TEST_CASE("predict knows users of --ratings, also from a pipe of pairs", "[cli][ratings-input]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("ratings.csv", ratings_of_ten("new one"));
  for (const std::string blend : {"gate", "stack"}) {
    const std::string model = fitted(blend);
    const Outcome outcome =
        run_balse({"predict", "--model", model, "--ratings", ratings, "--columns",
                   "lasso,bias,user-mean,als,fallback", "--no-header"},
                  "10,42\nnew one,42\n10,111\nnew one,111\n");
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == EX_OK);
    CHECK_THAT(outcome.err, Contains("took in 67 ratings of 1 new user and 0 users of the model"));
    const auto rows = csv_rows(outcome.out);
    REQUIRE(rows.size() == 4);
    for (const std::size_t k : {0, 2}) {
      for (const std::size_t column : {3, 4, 5, 7}) {  // the same ratings, the same numbers
        CHECK(rows[k][column] == rows[k + 1][column]);
      }
      CHECK(std::stod(rows[k][2]) == Approx(std::stod(rows[k + 1][2])).margin(0.1));
      CHECK(std::stod(rows[k][6]) == Approx(std::stod(rows[k + 1][6])).margin(0.1));
    }
  }
}

TEST_CASE("recommend leaves out what --ratings has, and ranks by it", "[cli][ratings-input]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write("ratings.csv", ratings_of_ten("new one"));
  const std::vector<std::string> words = {"recommend", "--model", fitted("gate"), "--ratings",
                                          ratings,     "--user",  "new one",      "--no-header"};
  const Outcome outcome = run_balse(words);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  std::set<std::string> rated;
  for (const auto& row : csv_rows(ratings_of_ten("new one"))) {
    rated.insert(row[1]);
  }
  const auto rows = csv_rows(outcome.out);
  REQUIRE(rows.size() == 10);
  const auto twin = csv_rows(
      run_balse({"recommend", "--model", fitted("gate"), "--user", "10", "--no-header"}).out);
  std::size_t common = 0;
  for (const auto& row : rows) {
    CHECK_FALSE(rated.contains(row[2]));
    common += static_cast<std::size_t>(std::count_if(
        twin.begin(), twin.end(), [&](const auto& other) { return other[2] == row[2]; }));
  }
  CHECK(common >= 8);
}

TEST_CASE("explain speaks of users of --ratings and their counts", "[cli][ratings-input]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write(
      "ratings.csv", "user,item,rating\n10,111,favorite\nnew,111,like\nnew,42,dislike\n");
  for (const std::string blend : {"gate", "stack"}) {
    const Outcome outcome = run_balse({"explain", "--model", fitted(blend), "--ratings", ratings,
                                       "--user", "new", "--item", "765", "--json"});
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == EX_OK);
    CHECK_THAT(outcome.err, Contains("3 ratings of 1 new user and 1 user of the model"));
    CHECK(nlohmann::json::parse(outcome.out).at("user") == "new");
    CHECK_THAT(run_balse({"explain", "--model", fitted(blend), "--ratings", ratings, "--user", "10",
                          "--item", "765"})
                   .out,
               Contains("user 10 rates"));
  }
}

TEST_CASE("--ratings is read as fit reads it, on the model's scale", "[cli][ratings-input]") {
  const TemporaryFolder folder;
  const auto run = [&](const std::string& text, std::vector<std::string> more) {
    const std::string ratings = folder.write("ratings.csv", text);
    more.insert(more.begin(), {"predict", "--model", fitted("gate"), "--ratings", ratings,
                               "--columns", "user-mean", "--no-header"});
    return run_balse(more, "new,42\n");
  };
  const auto mean_of = [&](const Outcome& outcome) {
    INFO(outcome.err);
    REQUIRE(outcome.exit_code == EX_OK);
    return std::stod(outcome.out.substr(outcome.out.rfind(',') + 1));
  };
  // The demo's words, other words, other columns, values that mean no rating.
  CHECK(mean_of(run("user,item,rating\nnew,42,like\nnew,111,favorite\n", {})) == 3.0);
  CHECK(mean_of(run("user,item,rating\nnew,42,up\nnew,111,down\n", {"--scale", "up=2,down=-2"})) ==
        0.0);
  CHECK(mean_of(run("like,42,new\nfavorite,111,new\n",
                    {"--ratings-columns", "user=3,item=2,rating=1"})) == 3.0);
  CHECK(mean_of(run("user,item,rating\nnew,42,2\nnew,111,-1\n",
                    {"--scale", "numeric", "--unrated=-1"})) == 2.0);
  const Outcome number = run("user,item,rating\nnew,42,9\n", {});
  CHECK(number.exit_code == EX_DATAERR);
  CHECK_THAT(number.err, Contains("ratings.csv:2:"));
  const Outcome far = run("user,item,rating\nnew,42,9\nnew,111,4\n", {"--scale", "numeric"});
  CHECK(far.exit_code == EX_DATAERR);
  CHECK_THAT(far.err, Contains("has a rating of 9") && Contains("from -2 to 4"));
  const Outcome near = run("user,item,rating\nnew,42,5\nnew,111,4\n", {"--scale", "numeric"});
  CHECK(mean_of(near) == 4.5);
  CHECK_THAT(near.err, Contains("1 rating lies outside of the model's -2 to 4"));
  CHECK(run_balse({"predict", "--model", fitted("gate"), "--scale", "numeric"}).exit_code ==
        EX_USAGE);
  CHECK(run_balse({"predict", "--model", fitted("gate"), "--ratings", "/nowhere"}).exit_code ==
        EX_NOINPUT);
  const Outcome twice = run_balse({"predict", "--model", fitted("gate"), "--ratings", "-"});
  CHECK(twice.exit_code == EX_USAGE);
  CHECK_THAT(twice.err, Contains("standard input is named twice"));
}

TEST_CASE("ratings of unknown items are left out in one line", "[cli][ratings-input]") {
  const TemporaryFolder folder;
  const std::string ratings = folder.write(
      "ratings.csv", "user,item,rating\nnew,42,like\nnew,nix,like\nnew,nox,like\nold,nix,like\n");
  const Outcome outcome = run_balse({"predict", "--model", fitted("gate"), "--ratings", ratings,
                                     "--columns", "fallback", "--no-header"},
                                    "new,1\nold,1\n");
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err,
             Contains("left out 3 ratings of 2 items that the model does not have, all that 1 user "
                      "has"));
  CHECK_THAT(outcome.out, Contains("old,1,") && Contains("unseen-user"));
  CHECK_THAT(outcome.out.substr(0, outcome.out.find('\n')), Contains(",none"));
}

TEST_CASE("a model of before there were values takes ratings for all of a user's",
          "[cli][ratings-input]") {
  const TemporaryFolder folder;
  const std::string model = BALSE_SOURCE_DIR "/tests/model/files/version1.balse.safetensors";
  const Outcome listed = run_balse(
      {"recommend", "--model", model, "--all-users", "-n", "1", "--no-header", "--only", "all"});
  const std::vector<std::string> row = csv_rows(listed.out).at(0);
  const std::string ratings = folder.write(
      "ratings.csv", "user,item,rating\n" + row[0] + "," + row[2] + ",1\nnew," + row[2] + ",1\n");
  const Outcome outcome = run_balse(
      {"predict", "--model", model, "--ratings", ratings, "--no-header"}, row[0] + ",1\n");
  INFO(outcome.err);
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("does not keep what ratings were"));
}

TEST_CASE("a process that watches reads --ratings again when it changes", "[cli][ratings-input]") {
  const TemporaryFolder folder;
  folder.write("ratings.csv", "user,item,rating\nsomebody,42,like\n");
  folder.write("later.csv", "user,item,rating\nnew,42,like\nnew,111,favorite\n");
  const std::string script = "cd '" + folder.path() + R"(' &&
ask() { echo new,7 >&"${B[1]}"; read -r -t 20 row <&"${B[0]}" || exit 7; echo "$row"; }
coproc B { exec )" + BALSE_PROGRAM +
                             " predict --model " + fitted("gate") + R"( --watch \
  --ratings ratings.csv --columns user-mean,fallback --no-header 2> err; }
ask
mv later.csv ratings.csv
ask
exec {B[1]}>&-
wait)";
  const Outcome outcome = run_command("bash", {"-c", script});
  INFO(outcome.err);
  const auto rows = csv_rows(outcome.out);
  REQUIRE(rows.size() == 2);
  CHECK(rows[0][4] == "unseen-user");
  CHECK(rows[1][3] == "3.000000");
  CHECK(rows[1][4] != "unseen-user");
  const Outcome once = run_balse({"predict", "--model", fitted("gate"), "--ratings", "-", "--watch",
                                  folder.write("pairs.csv", "1,2\n")},
                                 "user,item,rating\nnew,42,like\n");
  CHECK(once.exit_code == EX_USAGE);
  CHECK_THAT(once.err, Contains("--watch reads --ratings again"));
}
