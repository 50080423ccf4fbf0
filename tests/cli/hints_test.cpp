// Messages name the file that is to blame and what helps, and no option that does not.

#include <algorithm>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run_program.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;
using Catch::Matchers::StartsWith;

namespace hints_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

std::string error_of(const std::vector<std::string>& arguments, int exit_code) {
  const Outcome outcome = run_balse(arguments, "0,1\n");
  CHECK(outcome.exit_code == exit_code);
  const std::size_t at = outcome.err.find("balse: error: ");
  REQUIRE(at != std::string::npos);
  return outcome.err.substr(at);
}

}  // namespace

TEST_CASE("messages on tags and works name no option that does not reach them", "[cli][hints]") {
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(run_balse({"fit", kData + "ratings.csv", "--tags", kData + "tags.csv", "--model", model})
              .exit_code == EX_OK);
  const std::string short_row = folder.write("short.csv", "item,tag,weight\n1,a,0.5\n2 b 0.5\n");
  const std::string heavy = folder.write("heavy.csv", "item,tag,weight\n1,a,7\n");
  const std::string works = folder.write("works.csv", "item,title\n1,A\n2 B\n");
  for (const std::string& tags : {short_row, heavy}) {
    const std::string training = error_of(
        {"fit", kData + "ratings.csv", "--tags", tags, "--model", folder.path("m")}, EX_DATAERR);
    CHECK_THAT(training, !Contains("--delimiter") && Contains("--skip-bad-rows"));
    const std::string serving = error_of({"predict", "--model", model, "--tags", tags}, EX_DATAERR);
    CHECK_THAT(serving, !Contains("--delimiter") && !Contains("--skip-bad-rows"));
  }
  const std::string titles = error_of(
      {"fit", kData + "ratings.csv", "--works", works, "--model", folder.path("m")}, EX_DATAERR);
  CHECK_THAT(titles, Contains("works.csv:3:") && Contains("quotes") && !Contains("--delimiter") &&
                         !Contains("--skip-bad-rows"));
}

TEST_CASE("what is no model is said to be what it looks like", "[cli][hints]") {
  const TemporaryFolder folder;
  const auto opened = [&](const std::string& bytes) {
    return error_of({"info", folder.write("model", bytes)}, EX_DATAERR);
  };
  CHECK_THAT(opened("user,item,rating\n1,2,3\n"),
             Contains("no safetensors file, but text that begins with \"user,item,rating\"") &&
                 !Contains("7449362992810259561"));
  CHECK_THAT(opened("\x1f\x8b\x08 and more bytes"), Contains("but a gzip file"));
  CHECK_THAT(opened("PK\3\4 and more bytes"), Contains("but a zip archive"));
  CHECK_THAT(opened("\xf0\xff\xff\xff\xff\xff\xff\xff{}"),
             !Contains("18446744073709551600") && Contains("no safetensors file"));
  CHECK_THAT(opened(std::string("\xff\x01\0\0\0\0\0\0{}", 10)), Contains("is truncated"));
}

TEST_CASE("too few folds are the option's fault, not the file's", "[cli][hints]") {
  CHECK_THAT(error_of({"eval", kData + "ratings.csv", "--fold-count", "1"}, EX_USAGE),
             Contains("at least 2 folds") && !Contains("ratings.csv"));
}

TEST_CASE("fit with --folds counts what it trained on", "[cli][hints]") {
  const TemporaryFolder folder;
  const std::string ratings =
      folder.write("r.csv", "user,item,rating\na,1,1\na,2,2\nb,1,3\nb,2,4\nc,9,5\n");
  const std::string folds = folder.write("f.csv", "row,fold0\n0,0\n1,0\n2,0\n3,1\n4,2\n");
  const std::string model = folder.path("model");
  const Outcome fitted = run_balse({"fit", ratings, "--folds", folds, "--fold", "0", "--model",
                                    model, "--report", folder.path("fit.json")});
  REQUIRE(fitted.exit_code == EX_OK);
  CHECK_THAT(fitted.err, Contains("4 ratings (1 more are left out), 2 users"));
  CHECK_THAT(read_file(folder.path("fit.json")),
             Contains("\"ratings\": 4") && Contains("\"left_out_rows\": 1"));
  CHECK_THAT(run_balse({"info", model}).out, Contains("4 of 2 items by 2 users"));
}

}  // namespace hints_test
