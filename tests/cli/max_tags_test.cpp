// The most used of many tags: --max-tags of eval and fit.

#include <string>
#include <sysexits.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/eval_demo.hpp"
#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace max_tags_test {
namespace {

nlohmann::json json_of(const Outcome& outcome) {
  INFO(outcome.err);
  REQUIRE(outcome.exit_code == EX_OK);
  return nlohmann::json::parse(outcome.out);
}

}  // namespace

TEST_CASE("eval --max-tags takes the tags that --ablate takes", "[cli][max-tags]") {
  const Outcome outcome = eval_few({"--format", "json", "--max-tags", "3"});
  const auto few = json_of(outcome);
  CHECK_THAT(outcome.err, Contains("--max-tags 3: of ") && Contains("the 3 that most of the"));
  CHECK(few["manifest"]["tags"] == 3);
  CHECK(few["manifest"]["options"]["max_tags"] == 3);
  const auto ablation = json_of(eval_few({"--format", "json", "--ablate", "tags=3"}));
  CHECK(few["figures"] == ablation["ablation"][0]["figures"]);
  // As many as there are, and 0, are all, and nothing is said.
  const std::string all = eval_few({}).out;
  for (const char* most : {"0", "100000"}) {
    const Outcome same = eval_few({"--max-tags", most});
    CHECK(same.out == all);
    CHECK_THAT(same.err, !Contains("--max-tags"));
  }
  CHECK(few["figures"] != json_of(eval_few({"--format", "json"}))["figures"]);
}

TEST_CASE("--max-tags without tags, or no number, is refused", "[cli][max-tags]") {
  const Outcome alone = run_balse({"eval", kDemoRatings, "--max-tags", "3"});
  CHECK(alone.exit_code == EX_USAGE);
  CHECK_THAT(alone.err, Contains("--max-tags") && Contains("--tags"));
  CHECK(eval_few({"--max-tags", "-1"}).exit_code == EX_USAGE);
  CHECK(eval_few({"--max-tags", "some"}).exit_code == EX_USAGE);
}

TEST_CASE("what --without-tags left out is in the manifest", "[cli][max-tags]") {
  const auto manifest = json_of(
      eval_few({"--format", "json", "--without-tags", "*jacket*", "--models", "bias"}))["manifest"];
  CHECK(manifest["options"]["without_tags"] == nlohmann::json{"*jacket*"});
}

TEST_CASE("a model of fit --max-tags has those tags alone", "[cli][max-tags]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  const Outcome fit = run_balse({"fit", kDemoRatings, "--tags", kDemoTags, "--model", model,
                                 "--report", folder.path("report"), "--max-tags", "4"});
  INFO(fit.err);
  REQUIRE(fit.exit_code == EX_OK);
  CHECK_THAT(fit.err, Contains("the 4 that most of the rated items have"));
  const auto report = nlohmann::json::parse(read_file(folder.path("report")));
  CHECK(report["tags"] == 4);
  CHECK(report["options"]["max_tags"] == 4);
  const auto info = json_of(run_balse({"info", model, "--json"}));
  CHECK(info["tags"] == 4);
  // Tags that it does not have are passed over, and predictions are those of before.
  const Outcome predict =
      run_balse({"predict", "--model", model, "--tags", kDemoTags, "--no-header"}, "10,35\n");
  REQUIRE(predict.exit_code == EX_OK);
  CHECK_THAT(predict.err, Contains("ignored") && Contains("that the model does not have"));
  CHECK(predict.out == run_balse({"predict", "--model", model, "--no-header"}, "10,35\n").out);
}

}  // namespace max_tags_test
