// What is known of users: eval, fit, and those who have rated nothing yet.

#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace cli_user_features_test {
namespace {

/// Even users, who are cats, like even items, and odd ones, who are dogs, odd items.
std::string ratings_of_users(int users) {
  std::string text = "user,item,rating\n";
  for (int user = 0; user < users; ++user) {
    for (int item = 0; item < 24; ++item) {
      if ((user * 7 + item * 5 + user * item) % 3 != 0) {
        text += "u" + std::to_string(user) + ",i" + std::to_string(item) + ',' +
                std::to_string((user + item) % 2 == 0 ? 5 - item % 3 : 1 + item % 2) + '\n';
      }
    }
  }
  return text;
}

std::string features_of_users(int from, int to) {
  std::string text = "user,feature\n";
  for (int user = from; user < to; ++user) {
    text += "u" + std::to_string(user) + (user % 2 == 0 ? ",cat\n" : ",dog\n");
  }
  return text;
}

std::string tags_of_items() {
  std::string text = "item,tag,weight\n";
  for (int item = 0; item < 24; ++item) {
    text += "i" + std::to_string(item) + ",third " + std::to_string(item % 3) + ",1\n";
  }
  return text;
}

double rmse_of(const Outcome& eval, const std::string& model) {
  INFO(eval.err);
  REQUIRE(eval.exit_code == EX_OK);
  return nlohmann::json::parse(eval.out)["figures"][model]["all"]["rmse"];
}

struct CatsAndDogsFiles {
  TemporaryFolder folder;
  std::string ratings = folder.write("ratings.csv", ratings_of_users(60));
  std::string tags = folder.write("tags.csv", tags_of_items());
  std::string users = folder.write("users.csv", features_of_users(0, 60));
  std::string model = folder.path("model");

  Outcome eval(std::vector<std::string> more) const {
    more.insert(more.begin(), {"eval", ratings, "--tags", tags, "--protocol", "user-cold"});
    return run_balse(more);
  }
  Outcome fit(std::vector<std::string> more) const {
    more.insert(more.begin(), {"fit", ratings, "--tags", tags, "--model", model});
    return run_balse(more);
  }
};

}  // namespace

TEST_CASE("eval --user-features says what they are worth for users held out whole",
          "[cli][user-features]") {
  const CatsAndDogsFiles files;
  const double without = rmse_of(files.eval({"--format", "json"}), "balse-plus");
  const Outcome with = files.eval({"--format", "json", "--user-features", files.users});
  CHECK(rmse_of(with, "balse-plus") < 0.7 * without);
  const auto manifest = nlohmann::json::parse(with.out)["manifest"];
  CHECK(manifest["user_features"] == 2);
  CHECK(manifest["users_with_features"] == 60);
  CHECK(manifest["inputs"][2]["role"] == "user_features");
  CHECK(manifest["inputs"][2]["path"] == files.users);
  CHECK_THAT(files.eval({"--user-features", files.users}).out,
             Contains(", 3 tags on 24 items, 2 features on 60 users\n"));
  CHECK_THAT(files.eval({}).out, Contains(", 3 tags on 24 items\n") && !Contains("feature"));
}

TEST_CASE("predict, recommend and explain know a user by their features", "[cli][user-features]") {
  const CatsAndDogsFiles files;
  const Outcome fit = files.fit({"--blend", "stack", "--user-features", files.users});
  INFO(fit.err);
  REQUIRE(fit.exit_code == EX_OK);
  const std::string users =
      files.folder.write("new.csv", "user,feature\nnew cat,cat\nnew dog,dog\nu1,cat\n");
  const auto run = [&](std::vector<std::string> arguments, const std::string& input = {}) {
    arguments.insert(arguments.begin() + 1, {"--model", files.model});
    return run_balse(arguments, input);
  };
  const auto prediction = [&](const std::string& user, const std::string& item,
                              const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"predict", "--no-header"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const Outcome outcome = run(arguments, user + ',' + item + '\n');
    REQUIRE(outcome.exit_code == EX_OK);
    return std::stod(outcome.out.substr(outcome.out.rfind(',') + 1));
  };
  const std::vector<std::string> known = {"--user-features", users};
  CHECK(prediction("new cat", "i6", known) > 3.0);
  CHECK(prediction("new dog", "i6", known) < 3.0);
  CHECK(prediction("new cat", "i6", {}) == prediction("new dog", "i6", {}));
  // What is known of u1 is what they rate.
  CHECK(prediction("u1", "i6", known) == prediction("u1", "i6", {}));
  CHECK_THAT(run({"predict", "--user-features", users}, "u1,i6\n").err,
             Contains("new.csv: passed over 1 user whose ratings the model knows"));

  const auto best = [&](const std::string& user) {
    const Outcome outcome =
        run({"recommend", "--user", user, "-n", "4", "--no-header", "--user-features", users});
    CHECK(outcome.exit_code == EX_OK);
    CHECK_THAT(outcome.err, !Contains("unknown"));
    std::vector<int> items;
    std::istringstream lines(outcome.out);
    for (std::string line; std::getline(lines, line);) {
      items.push_back(std::stoi(line.substr(line.find(",i") + 2)));
    }
    return items;
  };
  for (const int item : best("new cat")) {
    CHECK(item % 2 == 0);
  }
  for (const int item : best("new dog")) {
    CHECK(item % 2 == 1);
  }
  const Outcome explained =
      run({"explain", "--user", "new cat", "--item", "i6", "--user-features", users});
  INFO(explained.out << explained.err);
  CHECK(explained.exit_code == EX_OK);
  CHECK_THAT(explained.out, !Contains("nan"));
}

TEST_CASE("user features that say nothing are told of", "[cli][user-features]") {
  const CatsAndDogsFiles files;
  const std::string strangers = files.folder.write("strangers.csv", "user,feature\nx,cat\n");
  CHECK_THAT(files.eval({"--user-features", strangers, "--models", "vb"}).err,
             Contains("strangers.csv: none of its users has rated anything"));
  const std::string nobody = files.folder.write("nobody.csv", "user,feature,value\nu1,cat,0\n");
  CHECK_THAT(files.eval({"--user-features", nobody, "--models", "vb"}).err,
             Contains("nobody.csv: none of its users has a feature"));
  const std::string wrong = files.folder.write("wrong.csv", "user,feature,value\nu1,cat,7\n");
  const Outcome refused = files.eval({"--user-features", wrong});
  CHECK(refused.exit_code == EX_DATAERR);
  CHECK_THAT(refused.err, Contains("wrong.csv:2") && Contains(R"("7" as the value of a feature)"));
  CHECK(files.eval({"--user-features", wrong, "--skip-bad-rows"}).exit_code == EX_DATAERR);
  CHECK(files.eval({"--user-features", files.folder.path("none.csv")}).exit_code == EX_NOINPUT);

  const Outcome gate = files.fit({"--user-features", files.users});
  CHECK(gate.exit_code == EX_OK);
  CHECK_THAT(gate.err, Contains("the gate's model knows nothing of --user-features"));
  const Outcome predict =
      run_balse({"predict", "--model", files.model, "--user-features", files.users}, "new,i6\n");
  CHECK(predict.exit_code == EX_USAGE);
  CHECK_THAT(predict.err, Contains("was trained without user features"));
}

}  // namespace cli_user_features_test
