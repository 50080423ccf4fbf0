// recommend --item: the users who will like an item, through the program.

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/demo_model.hpp"
#include "cli/json_rows.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace recommend_users_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

Outcome recommend(std::vector<std::string> more, std::string_view input = {}) {
  more.insert(more.begin(), {"recommend", "--model", demo_model()});
  return run_balse(more, input);
}

std::vector<nlohmann::json> rows(std::vector<std::string> more, std::string_view input = {}) {
  more.insert(more.end(), {"--format", "jsonl"});
  return json_rows(recommend(more, input));
}

std::set<std::string> raters_of(const std::string& item) {
  std::set<std::string> users;
  std::istringstream lines(read_file(kData + "ratings.csv"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(',');
    if (line.substr(first + 1, line.find(',', first + 1) - first - 1) == item) {
      users.insert(line.substr(0, first));
    }
  }
  return users;
}

}  // namespace

TEST_CASE("--item lists the users who have not rated it, best first", "[cli][recommend]") {
  const std::set<std::string> raters = raters_of("35");
  REQUIRE(raters.size() > 3);
  const auto all = rows({"--item", "35", "-n", "1000", "--rank-by", "mean"});
  CHECK(all.size() == 300 - raters.size());
  std::string pairs;
  double before = 1e9;
  for (std::size_t k = 0; k < all.size(); ++k) {
    CHECK(all[k]["rank"] == k + 1);
    CHECK(all[k]["item"] == "35");
    CHECK(raters.count(all[k]["user"]) == 0);
    CHECK(all[k]["rank_score"].get<double>() <= before);
    before = all[k]["rank_score"];
    pairs += all[k]["user"].get<std::string>() + ",35\n";
  }
  // The scores are those of predict, within the scale.
  std::istringstream predicted(
      run_balse({"predict", "--model", demo_model(), "--no-header"}, pairs).out);
  for (const auto& row : all) {
    std::string line;
    std::getline(predicted, line);
    const double value = std::stod(line.substr(line.rfind(',') + 1));
    CHECK(row["score"].get<double>() == Approx(std::clamp(value, -2.0, 4.0)).margin(1e-6));
  }
  CHECK(recommend({"--item", "35", "--threads", "1"}).out ==
        recommend({"--item", "35", "--threads", "3"}).out);
}

TEST_CASE("each user comes with the sentence that explain has for them", "[cli][recommend]") {
  for (const char* item : {"35", "111"}) {
    for (const auto& row : rows({"--item", item, "-n", "4"})) {
      const auto told = nlohmann::json::parse(
          run_balse({"explain", "--model", demo_model(), "--user", row["user"].get<std::string>(),
                     "--item", item, "--json"})
              .out);
      CHECK(row["sentence"] == told["sentence"]);
    }
  }
  const Outcome csv = recommend({"--item", "111", "-n", "1"});
  CHECK_THAT(csv.out, StartsWith("user,rank,item,title,score,fallback,reasons,sentence\n") &&
                          Contains(",\"We recommend to you "));
  CHECK_THAT(recommend({"--item", "111", "-n", "1", "--format", "tsv", "--no-header"}).out,
             Contains("\t1\t111\t") && Contains("\tWe recommend to you "));
}

TEST_CASE("several items follow each other, by the order that is asked for", "[cli][recommend]") {
  const auto both = rows({"--item", "35", "111", "-n", "2"});
  REQUIRE(both.size() == 4);
  CHECK(both[0]["item"] == "35");
  CHECK(both[0]["rank_by"] == "lower-bound");
  CHECK(both[2]["item"] == "111");
  CHECK(both[2]["rank"] == 1);
  // Who will watch it is another question than who will like it.
  const auto watchers = rows({"--item", "35", "-n", "20", "--rank-by", "relevance"});
  CHECK(watchers[0]["rank_by"] == "relevance");
  CHECK(watchers != rows({"--item", "35", "-n", "20"}));
}

TEST_CASE("--item keeps to the users and filters it is given", "[cli][recommend]") {
  const auto some = rows({"--item", "111", "--users", "-"}, "user\n10\n204\nnobody\n");
  std::set<std::string> users;
  for (const auto& row : some) {
    users.insert(row["user"].get<std::string>());
  }
  CHECK(users == std::set<std::string>{"10", "204"});
  CHECK_THAT(recommend({"--item", "111", "--users", "-"}, "user\n10\nnobody\n").err,
             Contains("1 user is unknown to the model and left out"));
  const auto best = rows({"--item", "111", "-n", "300", "--min-score", "2"});
  CHECK(!best.empty());
  for (const auto& row : best) {
    CHECK(row["score"].get<double>() >= 2.0);
  }
  const Outcome none = recommend({"--item", "111", "35", "-n", "1", "--min-ratings", "5"});
  CHECK(none.exit_code == EX_OK);
  CHECK_THAT(none.err, Contains("--item \"111\"") && Contains("leave this item out"));
  CHECK(std::count(none.out.begin(), none.out.end(), '\n') == 2);
}

TEST_CASE("an item that is announced today is known by its tags", "[cli][recommend]") {
  const TemporaryFolder folder;
  const std::string tags =
      folder.write("new.csv",
                   "item,tag,weight\nnew manga,starry sky,0.9\nnew manga,magic "
                   "staff,0.8\n");
  const auto fans = rows({"--item", "new manga", "--tags", tags, "-n", "300"});
  CHECK(fans.size() == 300);
  CHECK(fans[0]["reasons"][0]["contribution"].get<double>() > 0.0);
  CHECK_THAT(fans[0]["sentence"].get<std::string>(),
             StartsWith("We recommend to you the item new manga, because there is "));
  CHECK(fans[0]["rank_by"] == "lower-bound");
  CHECK(fans[0]["fallback"] == "none");
}

TEST_CASE("--item says what it cannot do", "[cli][recommend]") {
  const auto refused = [&](const std::vector<std::string>& more, int code) {
    const Outcome outcome = recommend(more);
    CHECK(outcome.exit_code == code);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK_THAT(refused({"--item", "1", "--user", "2"}, EX_USAGE),
             Contains("--item, which asks for users, with --user"));
  CHECK_THAT(refused({"--item", "1", "--all-users"}, EX_USAGE), Contains("with --all-users"));
  CHECK_THAT(refused({"--item", "35", "1l1"}, EX_DATAERR),
             Contains("no item \"1l1\"") && Contains("\"111\""));
  CHECK_THAT(refused({"--item", BALSE_SOURCE_DIR "/README.md"}, EX_DATAERR),
             Contains("--weights FILE"));
  // An item of which nothing is known: said, as all users are told apart by their averages.
  const TemporaryFolder folder;
  const std::string bare = folder.path("bare");
  REQUIRE(run_balse({"fit", kData + "ratings.csv", "--model", bare}).exit_code == EX_OK);
  CHECK(run_balse({"recommend", "--model", bare, "--item", "35"}).exit_code == EX_OK);
  const std::string tags = folder.write("t.csv", "item,tag,weight\nx,none of these,1\n");
  const Outcome unknown = recommend({"--item", "x", "--tags", tags, "-n", "1"});
  CHECK(unknown.exit_code == EX_OK);
  CHECK_THAT(unknown.err, Contains("neither ratings nor tags of \"x\""));
}

}  // namespace recommend_users_test
