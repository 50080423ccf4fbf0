// recommend --item poster.jpg: a work that is announced today, by its poster alone.

#include <filesystem>
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

namespace tag_recommend_test {
namespace {

const std::string kWeights = BALSE_SOURCE_DIR "/models/demo/demo_tagger.caffemodel";

/// A drawn poster called fresh.png, which the demo network sees something in.
struct Announced {
  TemporaryFolder folder;
  std::string poster;

  Announced() {
    REQUIRE(run_balse({"synth", "--output", folder.path("drawn"), "--posters", "--users", "5",
                       "--items", "6", "--ratings", "10", "--poster-share", "1", "--seed", "3"})
                .exit_code == EX_OK);
    const std::filesystem::directory_iterator drawn(folder.path("drawn/posters"));
    poster = folder.path("fresh" + drawn->path().extension().string());
    std::filesystem::copy_file(drawn->path(), poster);
  }
};

Outcome recommend(std::vector<std::string> more) {
  more.insert(more.begin(), {"recommend", "--model", demo_model()});
  return run_balse(more);
}

}  // namespace

TEST_CASE("a poster finds the users that its tags find", "[cli][tag][recommend]") {
  const Announced announced;
  const std::string tags = announced.folder.path("tags.csv");
  REQUIRE(run_balse({"tag", announced.poster, "--weights", kWeights, "--output", tags}).exit_code ==
          EX_OK);
  const std::vector<std::string> form = {"-n", "300", "--format", "jsonl"};
  const auto with = [&](std::vector<std::string> more) {
    more.insert(more.end(), form.begin(), form.end());
    return recommend(more);
  };
  const auto by_tags = json_rows(with({"--item", "fresh", "--tags", tags}));
  const Outcome seen = with({"--item", announced.poster, "--weights", kWeights});
  const auto by_poster = json_rows(seen);
  REQUIRE(by_poster.size() == by_tags.size());
  for (std::size_t k = 0; k < by_poster.size(); ++k) {
    CHECK(by_poster[k]["item"] == "fresh");
    // The file has six digits of a weight.
    CHECK(by_poster[k]["rank_score"].get<double>() ==
          Approx(by_tags[k]["rank_score"].get<double>()).margin(1e-5));
  }
  // What it saw is said: the first tag of a reason is among it.
  CHECK_THAT(seen.err, Contains(announced.poster + ": "));
  for (const auto& row : by_poster) {
    if (!row["reasons"].empty()) {
      CHECK_THAT(seen.err, Contains(row["reasons"][0]["tag"].get<std::string>()));
      break;
    }
  }
  // A list of its own, and an item of the model beside it.
  const std::string list = BALSE_SOURCE_DIR "/models/demo/tag_list.json";
  const auto both = json_rows(recommend({"--item", announced.poster, "111", "--weights", kWeights,
                                         "--tag-list", list, "-n", "1", "--format", "jsonl"}));
  REQUIRE(both.size() == 2);
  CHECK(both[0]["user"] == by_poster[0]["user"]);
  CHECK(both[1]["item"] == "111");
}

TEST_CASE("recommend says what is wrong with a poster", "[cli][tag][recommend]") {
  const Announced announced;
  const auto refused = [&](const std::vector<std::string>& more, int code) {
    const Outcome outcome = recommend(more);
    CHECK(outcome.exit_code == code);
    CHECK(outcome.out.empty());
    return outcome.err;
  };
  CHECK_THAT(refused({"--item", announced.poster}, EX_DATAERR), Contains("--weights FILE"));
  CHECK_THAT(refused({"--item", announced.poster, "--weights", "/nowhere"}, EX_NOINPUT),
             Contains("no such file"));
  const std::string broken = announced.folder.write("broken.png", "no picture");
  CHECK_THAT(refused({"--item", broken, "--weights", kWeights}, EX_DATAERR), Contains(broken));
  const std::string list = announced.folder.write("list.json", R"(["one", "two"])");
  CHECK_THAT(
      refused({"--item", announced.poster, "--weights", kWeights, "--tag-list", list}, EX_DATAERR),
      Contains("names 2 tags") && Contains("--tag-list FILE"));
  // Tags that the model has never heard of, and a model that has none.
  std::string names;
  for (int k = 0; k < 32; ++k) {
    names += (k == 0 ? "[\"other " : ", \"other ") + std::to_string(k) + "\"";
  }
  const std::string others = announced.folder.write("others.json", names + "]");
  CHECK_THAT(refused({"--item", announced.poster, "--weights", kWeights, "--tag-list", others},
                     EX_DATAERR),
             Contains("none of which the model has"));
  const std::string bare = announced.folder.path("bare");
  REQUIRE(
      run_balse({"fit", BALSE_SOURCE_DIR "/data/demo/ratings.csv", "--model", bare}).exit_code ==
      EX_OK);
  const Outcome without =
      run_balse({"recommend", "--model", bare, "--item", announced.poster, "--weights", kWeights});
  CHECK(without.exit_code == EX_USAGE);
  CHECK_THAT(without.err, Contains("trained without tags, so a poster says nothing to it"));
}

TEST_CASE("a poster of an item with ratings is taken for its poster, and that is said",
          "[cli][tag][recommend]") {
  const Announced announced;
  const std::string poster =
      announced.folder.path("35" + std::filesystem::path(announced.poster).extension().string());
  std::filesystem::copy_file(announced.poster, poster);
  const Outcome outcome = recommend({"--item", poster, "--weights", kWeights, "-n", "1"});
  CHECK(outcome.exit_code == EX_OK);
  CHECK_THAT(outcome.err, Contains("ratings of an item \"35\""));
}

}  // namespace tag_recommend_test
