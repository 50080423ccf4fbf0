// What explain says of an item, of the ratings behind a taste and behind a prediction, and what it
// calls works.

#include <algorithm>
#include <cmath>
#include <map>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

namespace explain_poster_test {

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;
using nlohmann::json;

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

std::string fitted(const std::string& path, const std::vector<std::string>& more) {
  std::vector<std::string> command = {"fit", kData + "ratings.csv", "--tags", kData + "tags.csv"};
  command.insert(command.end(), more.begin(), more.end());
  command.insert(command.end(), {"--model", path, "--quiet"});
  const Outcome outcome = run_balse(command);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return path;
}

/// Models of the demo data, fitted once for all tests.
const std::string& gate_model() {
  static const TemporaryFolder folder;
  static const std::string path = fitted(folder.path("gate"), {"--works", kData + "works.csv"});
  return path;
}

const std::string& stack_model() {
  static const TemporaryFolder folder;
  static const std::string path =
      fitted(folder.path("stack"), {"--blend", "stack", "--works", kData + "works.csv"});
  return path;
}

std::string explain(const std::string& model, std::vector<std::string> more) {
  more.insert(more.begin(), {"explain", "--model", model});
  const Outcome outcome = run_balse(more);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return outcome.out;
}

std::vector<json> lines_of(const std::string& text) {
  std::vector<json> all;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    all.push_back(json::parse(line));
  }
  return all;
}

TEST_CASE("an item without a user: its tags, and the mean of what they are worth to all",
          "[cli][explain]") {
  for (const std::string& model : {gate_model(), stack_model()}) {
    const json item = json::parse(explain(model, {"--item", "111", "--json"}));
    CHECK(item["title"] == "Detective in Yukimachi - Invisible Days");
    CHECK(item["item_ratings"] == 1);
    CHECK(item["users"] == 300);
    REQUIRE(item["poster"].size() > 3);
    std::map<std::string, double> sums;
    const auto users =
        lines_of(explain(model, {"--all-users", "--item", "111", "--format", "jsonl"}));
    REQUIRE(users.size() == 300);
    for (const json& user : users) {
      REQUIRE(user["poster"].size() == item["poster"].size());
      double value = 0.0;
      for (const json& tag : user["poster"]) {
        sums[tag["tag"]] += tag["coefficient"].get<double>();
        CHECK(tag["contribution"].get<double>() ==
              Approx(tag["weight"].get<double>() * tag["coefficient"].get<double>()));
        value += tag["contribution"].get<double>();
      }
      for (const char* side : {"for", "against"}) {
        for (const json& one : user[side]) {
          value -= one["contribution"].get<double>();
        }
      }
      CHECK(std::abs(value) < 1e-9);
    }
    double before = 2.0;
    for (const json& tag : item["poster"]) {
      CHECK(tag["weight"].get<double>() <= before);
      before = tag["weight"];
      CHECK(std::abs(tag["mean_coefficient"].get<double>() - sums[tag["tag"]] / 300) < 1e-9);
    }
    // What somebody unknown is predicted, predict says as well.
    const Outcome nobody = run_balse({"predict", "--model", model, "--no-header"}, "nobody,111\n");
    CHECK(std::stod(nobody.out.substr(nobody.out.rfind(',') + 1)) ==
          Approx(item["prediction"].get<double>()).margin(1e-6));
  }
  const std::string text = explain(gate_model(), {"--item", "111"});
  CHECK_THAT(text, StartsWith("Detective in Yukimachi - Invisible Days (111): 1 rating, ") &&
                       Contains("magic staff") && Contains("Somebody of whom nothing is known"));
  CHECK_THAT(explain(gate_model(), {"--item", "111", "--format", "markdown"}),
             StartsWith("### Detective") && Contains("| tag | weight | worth |"));
  const Outcome typo = run_balse({"explain", "--model", gate_model(), "--item", "1111"});
  CHECK(typo.exit_code == EX_DATAERR);
  CHECK_THAT(typo.err, Contains("has no item") && Contains("\"111\""));
}

TEST_CASE("--poster shows every tag of the item beside the prediction", "[cli][explain]") {
  const std::vector<std::string> pair = {"--user", "10", "--item", "111"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.begin(), pair.begin(), pair.end());
    return explain(gate_model(), more);
  };
  const json poster = json::parse(with({"--json"}))["poster"];
  const std::string text = with({"--poster"});
  const std::string table = with({"--poster", "--format", "markdown"});
  CHECK_THAT(text, StartsWith(with({})));
  for (const json& tag : poster) {
    CHECK_THAT(text.substr(text.find("Its tags")), Contains(tag["tag"].get<std::string>()));
    CHECK_THAT(table, Contains("| " + tag["tag"].get<std::string>() + " | "));
  }
  CHECK_THAT(with({}), !Contains("Its tags"));
}

TEST_CASE("a taste says how many ratings are behind it, and how sure it is", "[cli][explain]") {
  const TemporaryFolder folder;
  const std::string ratings =
      folder.write("r.csv",
                   "user,item,rating\na,1,5\na,2,4\na,3,1\na,4,2\nb,1,1\nb,2,2\nb,4,5\n"
                   "b,5,4\nc,1,3\nc,2,5\nc,3,4\nc,5,2\n");
  const std::string tags =
      folder.write("t.csv", "item,tag,weight\n1,red,1\n2,red,1\n3,blue,0.5\n4,blue,1\n5,red,0.2\n");
  for (const bool sure : {false, true}) {
    const std::string model = folder.path("model");
    const char* const blend = sure ? "stack" : "gate";
    REQUIRE(run_balse({"fit", ratings, "--tags", tags, "--blend", blend, "--lasso-alpha", "0.01",
                       "--model", model, "--force"})
                .exit_code == EX_OK);
    const json taste = json::parse(explain(model, {"--user", "a", "--json"}));
    std::size_t seen = 0;
    for (const char* side : {"preferred", "disliked"}) {
      for (const json& tag : taste[side]) {
        CHECK(tag["ratings"] == 2);  // of a's four items two are red and two are blue
        if (sure) {
          const double low = tag["interval"][0];
          const double high = tag["interval"][1];
          CHECK(low < tag["coefficient"].get<double>());
          CHECK((low + high) / 2 == Approx(tag["coefficient"].get<double>()));
        } else {
          CHECK(tag["interval"].is_null());
        }
        ++seen;
      }
    }
    CHECK(seen > 0);
    const std::string text = explain(model, {"--user", "a"});
    CHECK((text.find("no intervals") == std::string::npos) == sure);
    CHECK_THAT(text, Contains(sure ? "(2 ratings, 95% from " : "(2 ratings)"));
    CHECK_THAT(explain(model, {"--user", "a", "--format", "markdown"}),
               Contains(sure ? "| tag | points | 95% | ratings |" : "| tag | points | ratings |") &&
                   Contains(" | 2 |"));
  }
}

TEST_CASE("explain says which rated works a prediction goes back to", "[cli][explain]") {
  const std::vector<std::string> pair = {"--user", "10", "--item", "35"};
  for (const std::string& model : {gate_model(), stack_model()}) {
    const auto with = [&](std::vector<std::string> more) {
      more.insert(more.begin(), pair.begin(), pair.end());
      return explain(model, more);
    };
    const json why = json::parse(with({"--json"}));
    const json& factors = why["factors"];
    double sum = factors["rest"];
    for (const json& one : factors["rated"]) {
      CHECK(one.contains("title"));
      CHECK(std::abs(one["rating"].get<double>()) <= 4);
      sum += one["share"].get<double>();
    }
    CHECK(std::abs(sum - factors["value"].get<double>()) < 1e-9);
    const std::string strongest = factors["rated"][0]["title"];
    CHECK_THAT(with({"--rated-shown", "1"}),
               Contains("Factors add ") && Contains(strongest) && Contains("more rated items"));
    CHECK_THAT(with({"--rated-shown", "0"}), !Contains("Factors add"));
    CHECK_THAT(with({"--format", "markdown"}), Contains("| of factors: "));
  }
  const std::string old = BALSE_SOURCE_DIR "/tests/model/files/version1.balse.safetensors";
  const json user = lines_of(explain(old, {"--all-users", "--format", "jsonl"}))[0];
  const json pairs = lines_of(run_balse({"recommend", "--model", old, "--user", user["user"],
                                         "--format", "jsonl", "-n", "1"})
                                  .out)[0];
  const std::vector<std::string> asked = {"--user", user["user"], "--item", pairs["item"]};
  CHECK_THAT(explain(old, asked), !Contains("how users have rated"));
  std::vector<std::string> more = asked;
  more.insert(more.end(), {"--rated-shown", "2"});
  CHECK_THAT(explain(old, more), Contains("does not hold how users have rated"));
  more = asked;
  more.emplace_back("--json");
  CHECK(json::parse(explain(old, more))["factors"].is_null());
}

TEST_CASE("a hidden tag is named nowhere", "[cli][explain]") {
  const std::vector<std::vector<std::string>> questions = {
      {"--user", "10"},
      {"--item", "111"},
      {"--user", "10", "--item", "111", "--poster"},
      {"--user", "10", "--item", "111", "--poster", "-k", "1"}};
  for (const std::string& model : {gate_model(), stack_model()}) {
    for (std::vector<std::string> question : questions) {
      for (const char* format : {"text", "markdown", "json", "jsonl"}) {
        std::vector<std::string> asked = question;
        asked.insert(asked.end(), {"--format", format});
        CHECK_THAT(explain(model, asked), Contains("starry sky"));
        asked.insert(asked.end(), {"--hide-tags", "starry sky"});
        CHECK_THAT(explain(model, asked), !Contains("starry sky"));
      }
    }
  }
}

TEST_CASE("works are called as people call them", "[cli][explain]") {
  const TemporaryFolder folder;
  const std::string ratings =
      folder.write("r.csv",
                   "user,item,rating\na,1,5\na,2,1\nb,1,4\nb,2,2\nb,3,3\nb,4,1\nb,5,2\n"
                   "b,6,2\nb,7,4\nb,8,4\n");
  const std::string works = folder.write(
      "w.csv",
      "item,title,type\n1,One,TV\n2,Two,Movie\n3,Three,OVA\n4,Four,PG-13 (x)\n5,Five,Light "
      "Novel\n6,Six,\n7,Seven,Unknown\n8,Eight,anime\n");
  REQUIRE(run_balse({"fit", ratings, "--works", works, "--model", folder.path("m"), "--force"})
              .exit_code == EX_OK);
  const std::map<std::string, std::string> names = {{"1", "the TV series One"},
                                                    {"2", "the movie Two"},
                                                    {"3", "the OVA Three"},
                                                    {"4", "Four (PG-13 (x))"},
                                                    {"5", "the light novel Five"},
                                                    {"6", "Six"},
                                                    {"7", "Seven"},
                                                    {"8", "the anime Eight"}};
  for (const auto& [item, name] : names) {
    const std::string text = explain(folder.path("m"), {"--user", "a", "--item", item});
    CHECK_THAT(text, StartsWith("We recommend to you " + name + ", ") ||
                         StartsWith("You might not like " + name + ", "));
  }
}

}  // namespace explain_poster_test
