// No sentence about real ratings contradicts its prediction, nor names a tag or a work that moved
// it the other way.

#include <cmath>
#include <sstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "parity/shared_data.hpp"

namespace sentences_test {

using namespace balse::test;

double sum_of(const nlohmann::json& why, const char* side) {
  double sum = 0.0;
  for (const auto& one : why[side]) {
    sum += one["contribution"].get<double>();
  }
  return sum;
}

/// Whether `text` begins with the title of a work that was rated on the side of the user's mean
/// that `direction` says, and whose share has that direction.
bool names_a_reason(const std::string& text, const nlohmann::json& why, double direction) {
  for (const auto& one : why["factors"]["rated"]) {
    if (text.starts_with(one["title"].get<std::string>()) &&
        direction * one["share"].get<double>() > 0.0 &&
        direction * (one["rating"].get<double>() - why["user_mean"].get<double>()) > 0.0) {
      return true;
    }
  }
  return false;
}

struct Seen {
  std::size_t pairs = 0;
  std::size_t tags = 0;
  std::size_t works = 0;
  std::size_t without = 0;
};

void check(const nlohmann::json& why, Seen& seen) {
  const std::string sentence = why["sentence"];
  INFO(sentence);
  const bool up = why["prediction"].get<double>() > why["user_mean"].get<double>();
  const double direction = up ? 1.0 : -1.0;
  REQUIRE(sentence.starts_with(up ? "We recommend to you " : "You might not like "));
  if (sentence.find("because there is") != std::string::npos) {
    ++seen.tags;
    REQUIRE(direction * (sum_of(why, "for") + sum_of(why, "against")) > 0.0);
  }
  const std::string because = up ? "because you liked " : "because you did not like ";
  if (const auto at = sentence.find(because); at != std::string::npos) {
    ++seen.works;
    REQUIRE(names_a_reason(sentence.substr(at + because.size()), why, direction));
  } else {
    REQUIRE(sentence.find("because you") == std::string::npos);
  }
  ++seen.pairs;
  if (why["factors"].is_null()) {
    ++seen.without;  // ALS has no factors of who rates everything alike, or moved them last
    return;
  }
  double sum = why["factors"]["rest"];
  for (const auto& one : why["factors"]["rated"]) {
    sum += one["share"].get<double>();
  }
  REQUIRE(std::abs(sum - why["factors"]["value"].get<double>()) < 1e-9);
}

TEST_CASE("no sentence about real ratings contradicts its prediction", "[parity][long]") {
  BALSE_NEEDS_SHARED_DATA();
  const TemporaryFolder folder;
  for (const char* blend : {"gate", "stack"}) {
    const std::string model = folder.path(blend);
    REQUIRE(run_balse({"fit", shared_path("data/mal-caserec/ratings.csv"), "--tags",
                       shared_path("data/mal-caserec/tags.csv"), "--works",
                       shared_path("data/mal-caserec/works.csv"), "--blend", blend, "--neighbours",
                       "0", "--vb-sweeps", "4", "--vb-new-sweeps", "2", "--mixed-similar-sweeps",
                       "2", "--model", model, "--quiet"})
                .exit_code == 0);
    Seen seen;
    for (const char* item : {"127", "1723", "82", "296", "5000"}) {
      const Outcome outcome = run_balse(
          {"explain", "--model", model, "--all-users", "--item", item, "--format", "jsonl"});
      REQUIRE(outcome.exit_code == 0);
      std::istringstream lines(outcome.out);
      std::size_t row = 0;
      for (std::string line; std::getline(lines, line); ++row) {
        if (row % 11 == 0) {  // 2,000 pairs in all
          check(nlohmann::json::parse(line), seen);
        }
      }
    }
    CHECK(seen.pairs > 2000);
    CHECK(seen.tags > 300);
    CHECK(seen.works > 100);
    CHECK(seen.without < seen.pairs / 10);
  }
}

}  // namespace sentences_test
