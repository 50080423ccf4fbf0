// explain says what it does not know as well.

#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

/// User "left" has ratings only in the test part of the fold, item "left" as well; neither has
/// item "left" tags.
const std::string& model() {
  static const TemporaryFolder folder;
  static const std::string path = [] {
    std::string rows = "user,item,rating\n";
    std::string folds = "row,fold0\n";
    for (int k = 0; k < 20; ++k) {
      rows += std::string(k % 2 == 0 ? "a" : "b") + "," + std::to_string(k / 2) + "," +
              std::to_string(1 + k % 5) + "\n";
      folds += std::to_string(k) + (k % 4 == 0 ? ",1\n" : ",0\n");
    }
    folder.write("r.csv", rows + "left,left,5\n");
    folder.write("f.csv", folds + "20,2\n");
    folder.write("t.csv", "item,tag,weight\n0,red,1\n1,red,0.5\nnew,red,1\n");
    std::string made = folder.path("model");
    REQUIRE(run_balse({"fit", folder.path("r.csv"), "--tags", folder.path("t.csv"), "--folds",
                       folder.path("f.csv"), "--fold", "0", "--model", made})
                .exit_code == EX_OK);
    return made;
  }();
  return path;
}

Outcome explain(std::vector<std::string> more) {
  more.insert(more.begin(), {"explain", "--model", model()});
  return run_balse(more);
}

}  // namespace

TEST_CASE("explain refuses users and items that do not exist", "[cli][explain]") {
  for (const std::vector<std::string>& arguments : {std::vector<std::string>{"--user", "nobody"},
                                                    {"--user", "nobody", "--item", "1"},
                                                    {"--user", "nobody", "--json"}}) {
    const Outcome outcome = explain(arguments);
    CHECK(outcome.exit_code == EX_DATAERR);
    CHECK(outcome.out.empty());
    CHECK_THAT(outcome.err, Contains("has no user \"nobody\"") && Contains("balse predict"));
  }
  const Outcome item = explain({"--user", "a", "--item", "nothing"});
  CHECK(item.exit_code == EX_DATAERR);
  CHECK_THAT(item.err, Contains("has no item \"nothing\"") && Contains("--tags FILE"));
  const TemporaryFolder folder;
  const std::string tags = folder.write("new.csv", "item,tag,weight\nnothing,red,1\n");
  CHECK(explain({"--user", "a", "--item", "nothing", "--tags", tags}).exit_code == EX_OK);
  CHECK_THAT(explain({"--user", "a", "--item", "less", "--tags", tags}).err,
             Contains("nor has " + tags));
}

TEST_CASE("explain makes no reasons up for whom or what it knows nothing of", "[cli][explain]") {
  const Outcome item = explain({"--user", "a", "--item", "left"});
  CHECK(item.exit_code == EX_OK);
  CHECK_THAT(item.out, Contains("neither ratings nor tags of the item left") &&
                           Contains("your own average") && !Contains("speaks to your taste"));
  const Outcome user = explain({"--user", "left", "--item", "new"});
  CHECK(user.exit_code == EX_OK);
  CHECK_THAT(user.out, Contains("no ratings of the item new") &&
                           Contains("the average of all ratings") && !Contains("user left rates"));
  const auto json =
      nlohmann::json::parse(explain({"--user", "left", "--item", "new", "--json"}).out);
  CHECK(json["user_mean"].is_null());
  CHECK(json["item_tags"] == 1);
  CHECK(nlohmann::json::parse(explain({"--user", "left", "--json"}).out)["mean"].is_null());
}

TEST_CASE("explain says of a model without tags that it has no LASSO, and all blocks add up",
          "[cli][explain]") {
  const TemporaryFolder folder;
  const std::string ratings =
      folder.write("r.csv", "user,item,rating\na,x,1\na,y,4\nb,x,2\nb,y,5\n");
  REQUIRE(run_balse({"fit", ratings, "--model", folder.path("m")}).exit_code == EX_OK);
  const auto json = nlohmann::json::parse(
      run_balse({"explain", "--model", folder.path("m"), "--user", "a", "--item", "y", "--json"})
          .out);
  REQUIRE(json.contains("lasso"));
  CHECK(json["lasso"].is_null());
  CHECK(json["als_weight"] == 1.0);
  const auto& bias = json["blocks"]["bias"];
  double sum = bias["constant"];
  for (const auto& term : bias["terms"]) {
    sum += term["value"].get<double>();
  }
  CHECK(bias["terms"].size() == 2);
  CHECK(sum == Approx(bias["prediction"].get<double>()));
}
