// What recommend ranks by, what it leaves out, and what it does for whom nobody knows.

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

namespace recommend_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";
const std::string kVersion1 = BALSE_SOURCE_DIR "/tests/model/files/version1.balse.safetensors";

std::string fitted(const TemporaryFolder& folder, const std::vector<std::string>& more) {
  static int number = 0;
  std::string model = folder.path("model" + std::to_string(++number));
  std::vector<std::string> command = {"fit", kData + "ratings.csv", "--model", model};
  command.insert(command.end(), more.begin(), more.end());
  const Outcome outcome = run_balse(command);
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return model;
}

Outcome recommend(std::vector<std::string> more, const std::string& model = demo_model()) {
  more.insert(more.begin(), {"recommend", "--model", model});
  return run_balse(more);
}

std::vector<nlohmann::json> rows(std::vector<std::string> more,
                                 const std::string& model = demo_model()) {
  more.insert(more.end(), {"--format", "jsonl"});
  return json_rows(recommend(more, model));
}

std::set<std::string> items(const std::vector<std::string>& more) {
  std::vector<std::string> options = more;
  options.insert(options.end(), {"--user", "10", "--count", "900", "--reasons", "0"});
  std::set<std::string> found;
  for (const auto& row : rows(options)) {
    found.insert(row["item"].get<std::string>());
  }
  return found;
}

/// The items of the demo data with a tag that weighs at least `least`.
std::set<std::string> tagged(const std::string& tag, double least) {
  std::set<std::string> found;
  std::istringstream lines(read_file(kData + "tags.csv"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(',');
    const std::size_t last = line.rfind(',');
    if (line.substr(first + 1, last - first - 1) == tag &&
        std::stod(line.substr(last + 1)) >= least) {
      found.insert(line.substr(0, first));
    }
  }
  return found;
}

std::map<std::string, int> rating_counts() {
  std::map<std::string, int> counts;
  std::istringstream lines(read_file(kData + "ratings.csv"));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t first = line.find(',');
    ++counts[line.substr(first + 1, line.find(',', first + 1) - first - 1)];
  }
  return counts;
}

}  // namespace

TEST_CASE("--rank-by is relevance where the model has neighbours", "[cli][recommend]") {
  const std::vector<std::string> user = {"--user", "10"};
  const auto by = [&](const std::string& order) {
    return recommend({"--user", "10", "--rank-by", order}).out;
  };
  CHECK(recommend(user).out == by("relevance"));
  CHECK(by("relevance") != by("lower-bound"));
  CHECK(by("lower-bound") != by("mean"));
  CHECK(recommend({"--user", "10", "--rank-by", "best"}).exit_code == EX_USAGE);
  double before = 1e9;
  for (const auto& row : rows(user)) {
    CHECK(row["rank_by"] == "relevance");
    CHECK(row["rank_score"].get<double>() <= before);
    before = row["rank_score"].get<double>();
  }
  for (const auto& row : rows({"--all-users", "--rank-by", "mean"})) {
    CHECK(row["score"].get<double>() <= 4.0);
    CHECK(row["score"].get<double>() >= -2.0);
  }
  CHECK(rows({"--user", "10", "--only", "little-known"})[0]["rank_by"] == "mean");
}

TEST_CASE("a model without neighbours ranks by a lower bound, and says so", "[cli][recommend]") {
  const TemporaryFolder folder;
  const std::string without = fitted(
      folder, {"--tags", kData + "tags.csv", "--works", kData + "works.csv", "--neighbours", "0"});
  const Outcome outcome = recommend({"--user", "10"}, without);
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("no neighbours") && Contains("lower-bound"));
  CHECK(outcome.out == recommend({"--user", "10", "--rank-by", "lower-bound"}).out);
  const Outcome refused = recommend({"--user", "10", "--rank-by", "relevance"}, without);
  CHECK(refused.exit_code == EX_USAGE);
  CHECK_THAT(refused.err, Contains("no neighbours"));
  // So does one of version 1.
  const Outcome old = recommend({"--all-users"}, kVersion1);
  CHECK(old.exit_code == EX_OK);
  CHECK_THAT(old.err, Contains("no neighbours"));
  CHECK_THAT(old.out, StartsWith("user,rank,item,title,score,fallback,reasons\n"));
}

TEST_CASE("neighbours are the same at any number of threads", "[cli][recommend][fit]") {
  const TemporaryFolder folder;
  const std::string usual = fitted(folder, {"--threads", "1"});
  const std::string loose = fitted(folder, {"--neighbours-lambda", "1"});
  CHECK(recommend({"--all-users"}, usual).out != recommend({"--all-users"}, loose).out);
  CHECK(recommend({"--all-users"}, usual).out ==
        recommend({"--all-users"}, fitted(folder, {"--threads", "3"})).out);
}

TEST_CASE("--lower-bound-k subtracts deviations where the model has them", "[cli][recommend]") {
  const TemporaryFolder folder;
  const std::string model = fitted(folder, {"--tags", kData + "tags.csv", "--blend", "stack"});
  const auto best = [&](const char* k) {
    return rows({"--user", "10", "--rank-by", "lower-bound", "--lower-bound-k", k},
                model)[0]["rank_score"]
        .get<double>();
  };
  CHECK(best("0") > best("1"));
  CHECK(best("1") > best("3"));
  CHECK(rows({"--user", "10"}, model)[0]["rank_by"] == "relevance");
}

TEST_CASE("users whom nobody knows get what many rate well, or what most rate",
          "[cli][recommend]") {
  const auto counts = rating_counts();
  const Outcome best = recommend({"--user", "nobody"});
  CHECK_THAT(best.err, Contains("1 of 1 user is unknown") && Contains("rated best"));
  const auto damped = rows({"--user", "nobody"});
  CHECK(damped[0]["rank_by"] == "damped-mean");
  CHECK(damped[0]["fallback"] == "unseen-user");
  for (const auto& row : damped) {
    CHECK(counts.at(row["item"].get<std::string>()) >= 5);
  }
  CHECK_THAT(recommend({"--user", "nobody", "--popular"}).err, Contains("rated most"));
  // Of little-known and cold items the prediction ranks, and that is what is said.
  for (const char* which : {"cold", "little-known"}) {
    CHECK_THAT(recommend({"--user", "nobody", "--popular", "--only", which}).err,
               Contains("predicted best for somebody of whom nothing is known"));
  }
  int before = 1 << 30;
  for (const auto& row : rows({"--user", "nobody", "--popular"})) {
    CHECK(row["rank_by"] == "popular");
    CHECK(row["rank_score"].get<int>() == counts.at(row["item"].get<std::string>()));
    CHECK(row["rank_score"].get<int>() <= before);
    before = row["rank_score"].get<int>();
  }
}

TEST_CASE("items are left out by their ratings", "[cli][recommend]") {
  const auto counts = rating_counts();
  const auto known = items({"--only", "known"});
  const auto little = items({"--only", "little-known"});
  CHECK(known.size() + little.size() == items({}).size());
  const auto fewest = [&](const std::set<std::string>& some) {
    int least = 1 << 30;
    for (const std::string& item : some) {
      const auto at = counts.find(item);
      least = std::min(least, at == counts.end() ? 0 : at->second);
    }
    return least;
  };
  CHECK(fewest(known) == 3);
  CHECK(fewest(items({"--only", "known", "--little-known", "8"})) == 8);
  CHECK(fewest(items({"--min-ratings", "25"})) == 25);
}

TEST_CASE("items are left out by name", "[cli][recommend]") {
  const TemporaryFolder folder;
  const auto all = items({});
  const std::string gone = *all.begin();
  const std::string list = folder.write("list", "what,n\n" + gone + ",1\nunheard,2\n");
  CHECK(recommend({"--user", "10", "--exclude-items", list}).exit_code == EX_DATAERR);
  const auto rest = items({"--exclude-items", list, "--items-column", "what"});
  CHECK(rest.size() == all.size() - 1);
  CHECK(rest.count(gone) == 0);
  CHECK_THAT(recommend({"--user", "10", "--exclude-items", list, "--items-column", "1"}).err,
             Contains("1 item is unknown to the model"));
  CHECK(recommend({"--user", "10", "--items-column", "1"}).exit_code == EX_USAGE);
}

TEST_CASE("items are left out by their tags", "[cli][recommend]") {
  const auto all = items({});
  const auto kept = [&](const std::set<std::string>& with, bool required) {
    std::set<std::string> some;
    for (const std::string& item : all) {
      if ((with.count(item) > 0) == required) {
        some.insert(item);
      }
    }
    return some;
  };
  CHECK(items({"--exclude-tags", "robot"}) == kept(tagged("robot", 0.25), false));
  CHECK(items({"--require-tags", "robot"}) == kept(tagged("robot", 0.25), true));
  CHECK(items({"--exclude-tags", "robot", "--tag-weight", "0.8"}) ==
        kept(tagged("robot", 0.8), false));
  CHECK(items({"--exclude-tags", "Starry_Sky"}) == kept(tagged("starry sky", 0.25), false));
  const auto both = items({"--require-tags", "robot,starry sky"});
  CHECK(!both.empty());
  CHECK(both.size() < items({"--require-tags", "robot"}).size());
  CHECK(both == items({"--require-tags", "starry sky", "--require-tags", "robot"}));
  const Outcome unknown = recommend({"--user", "10", "--exclude-tags", "robot,roboot"});
  CHECK(unknown.exit_code == EX_OK);
  CHECK_THAT(unknown.err, Contains("warning") && Contains("\"roboot\"") && !Contains("\"robot\""));
}

TEST_CASE("--safe leaves out what its tags say is for adults", "[cli][recommend]") {
  // The demo data have no such tags.
  CHECK_THAT(recommend({"--user", "10", "--safe"}).err, Contains("leaves nothing out"));
  CHECK_THAT(recommend({"--user", "10", "--safe"}).err, Contains("no tags"));
  const TemporaryFolder folder;
  const std::string config =
      folder.write("site.toml", "[recommend]\nsafe-tags = [\"ROBOT\", 'magic_staff']\n");
  CHECK(items({"--safe", "--config", config}) == items({"--exclude-tags", "robot,magic staff"}));
  CHECK(items({"--config", config}) == items({}));
  CHECK(items({"--safe", "--safe-tags", "robot"}) == items({"--exclude-tags", "robot"}));
  std::string tags = read_file(kData + "tags.csv");
  for (std::size_t at = 0; (at = tags.find(",robot,", at)) != std::string::npos; ++at) {
    tags.replace(at, 7, ",Hentai,");
  }
  const std::string model = fitted(folder, {"--tags", folder.write("tags.csv", tags)});
  const auto left = [&](const std::vector<std::string>& more) {
    std::vector<std::string> options = {"--user", "10", "--count", "900", "--reasons", "0"};
    options.insert(options.end(), more.begin(), more.end());
    return rows(options, model).size();
  };
  CHECK(left({"--safe"}) == left({"--exclude-tags", "hentai"}));
  CHECK(left({"--safe"}) < left({}));
  // Of items without tags nothing is known, and of a model without tags of no item.
  const Outcome blind = recommend({"--user", "10", "--safe"}, fitted(folder, {}));
  CHECK(blind.exit_code == EX_USAGE);
  CHECK_THAT(blind.err, Contains("--safe asks for tags"));
}

}  // namespace recommend_test
