// The whole of the paper, as scripts/quickstart.sh runs it: posters, tags, tables.

#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;

namespace {

/// The figures of balse eval on these tags.
nlohmann::json figures_with(const std::string& folder, const std::string& tags) {
  const Outcome eval =
      run_balse({"eval", folder + "/ratings.csv", "--tags", folder + tags, "--format", "json"});
  REQUIRE(eval.exit_code == EX_OK);
  return nlohmann::json::parse(eval.out)["figures"];
}

double cold_rmse(const nlohmann::json& figures, const char* model) {
  return figures[model]["cold-start"]["rmse"];
}

}  // namespace

TEST_CASE("on items nobody has rated BALSE beats ALS by what the demo tagger saw", "[cli][tag]") {
  const TemporaryFolder temporary;
  const std::string folder = temporary.path("drawn");
  REQUIRE(run_balse({"synth", "--output", folder, "--posters", "--users", "300", "--items", "900",
                     "--ratings", "11500", "--content", "0.95", "--poster-share", "0.95", "--seed",
                     "42"})
              .exit_code == EX_OK);
  const Outcome tag = run_balse({"tag", folder + "/posters", "--weights",
                                 BALSE_SOURCE_DIR "/models/demo/demo_tagger.caffemodel", "--output",
                                 folder + "/tags.csv"});
  REQUIRE(tag.exit_code == EX_OK);
  CHECK_THAT(tag.err, Catch::Matchers::Contains("855 posters tagged") &&
                          Catch::Matchers::Contains("0 failed"));

  const nlohmann::json seen = figures_with(folder, "/tags.csv");
  const double als = cold_rmse(seen, "als");
  const double balse = cold_rmse(seen, "balse");
  WARN("cold-start RMSE: ALS " << als << ", BALSE " << balse);
  CHECK(balse < als - 0.05);
  // And nearly by as much as if the tags were known.
  CHECK(balse < cold_rmse(figures_with(folder, "/truth.csv"), "balse") + 0.05);
}
