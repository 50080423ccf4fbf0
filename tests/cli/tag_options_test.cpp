// balse tag: options of networks.

#include <cmath>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace tag_options_test {
namespace {

const TagSetup& setup() {
  static const TagSetup with_poster;
  static const std::string poster = with_poster.add_poster("1", 1);
  return with_poster;
}

double last_weight(const std::string& csv) {
  return std::stod(csv.substr(csv.rfind(',') + 1));
}

}  // namespace

TEST_CASE(
    "options of other taggers are refused by Illustration2Vec, but for TorchScript's defaults",
    "[cli][tag]") {
  struct Case {
    std::vector<std::string> other;
    std::vector<std::string> fallback;
  };
  const std::vector<Case> cases = {
      {{"--input-size", "448x320"}, {"--input-size", "224"}},
      {{"--mean", "1", "2", "3"}, {"--mean", "0", "0", "0"}},
      {{"--deviation", "1", "2", "3"}, {"--deviation", "255", "255", "255"}},
      {{"--colors", "bgr"}, {"--colors", "rgb"}},
      {{"--activation", "sigmoid"}, {"--activation", "none"}}};
  const std::string plain = setup().run({setup().posters()}).out;
  for (const Case& one : cases) {
    INFO(one.other[0]);
    std::vector<std::string> more = one.other;
    more.insert(more.begin(), setup().posters());
    const Outcome refused = setup().run(more);
    CHECK(refused.exit_code == EX_USAGE);
    CHECK_THAT(refused.err,
               Contains(one.other[0] + " is for other taggers, in ONNX or TorchScript"));
    more = one.fallback;
    more.insert(more.begin(), setup().posters());
    CHECK(setup().run(more).out == plain);
  }
}

TEST_CASE("a printed config of balse tag tags the same", "[cli][tag][config]") {
  const Outcome printed = setup().run({"--print-config", "--threshold", "0"});
  REQUIRE(printed.exit_code == EX_OK);
  const std::string config = setup().folder().write("tag.toml", printed.out);
  const Outcome again = run_balse({"tag", setup().posters(), "--config", config});
  CHECK(again.exit_code == EX_OK);
  CHECK(again.out == setup().run({setup().posters(), "--threshold", "0"}).out);
}

TEST_CASE("--precision bfloat16 moves probabilities a little, where the processor has it",
          "[cli][tag]") {
  const std::vector<std::string> exact = {setup().posters(), "--threshold", "0"};
  std::vector<std::string> narrow = exact;
  narrow.insert(narrow.end(), {"--precision", "bfloat16"});
  const Outcome outcome = setup().run(narrow);
  if (outcome.exit_code != EX_OK) {
    CHECK(outcome.exit_code == EX_USAGE);
    CHECK_THAT(outcome.err, Contains("--precision bfloat16: this processor"));
    return;
  }
  const std::string precise = setup().run(exact).out;
  CHECK(outcome.out != precise);
  CHECK(std::abs(last_weight(outcome.out) - last_weight(precise)) < 0.05);
}

TEST_CASE("--unsafe-torchscript gives permission as --allow-torchscript does", "[cli][tag]") {
  const std::string script = setup().folder().write("bad.pt", "PK\3\4 no TorchScript");
  const auto tag = [&](const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"tag", setup().posters(), "--weights", script};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return run_balse(arguments);
  };
  const Outcome refused = tag({});
  CHECK(refused.exit_code == EX_USAGE);
  CHECK_THAT(refused.err, Contains("--allow-torchscript"));
  CHECK(tag({"--unsafe-torchscript"}).exit_code == EX_DATAERR);
}

}  // namespace tag_options_test
