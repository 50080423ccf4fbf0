// What is said where: the log file, --quiet, and --strict's exit code.

#include <algorithm>
#include <filesystem>
#include <regex>
#include <sstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "cli/run_program.hpp"
#include "support/sanitizers.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace messages_test {
namespace {

const std::string kRatings = BALSE_SOURCE_DIR "/data/demo/ratings.csv";
constexpr int kWarned = 3;

/// fit of the demo data without tags; it warns of its warm start if asked to.
Outcome fit(const TemporaryFolder& folder, std::vector<std::string> more, bool warned = false) {
  more.insert(more.begin(), {"fit", kRatings, "--model", folder.path("model")});
  if (warned) {
    more.insert(more.end(), {"--warm-start", folder.path("absent")});
  }
  return run_balse(more);
}

std::vector<std::string> lines_of(const std::string& path) {
  std::istringstream text(read_file(path));
  std::vector<std::string> lines;
  for (std::string line; std::getline(text, line);) {
    lines.push_back(line);
  }
  return lines;
}

}  // namespace

TEST_CASE("a log file gets what standard error gets, with the time", "[cli][messages]") {
  const TemporaryFolder folder;
  const std::string log = folder.path("fit.log");
  const Outcome outcome = fit(folder, {"--log-file", log}, true);
  REQUIRE(outcome.exit_code == EX_OK);
  const std::regex shape(R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z (info|warning|error): .*)");
  std::string said;
  for (const std::string& line : lines_of(log)) {
    INFO(line);
    CHECK(std::regex_match(line, shape));
    said += "balse: " + line.substr(line.find(' ') + 1) + "\n";
  }
  CHECK(said == outcome.err);

  SECTION("the next run adds to it, also in another format and where it fails") {
    const std::string before = read_file(log);
    const std::string bad = folder.write("bad.csv", "a,b,1\na,c,\x1b[2J\n");
    CHECK(run_balse(
              {"fit", bad, "--model", folder.path("m"), "--log-file", log, "--log-format", "json"})
              .exit_code == EX_DATAERR);
    CHECK(read_file(log).substr(0, before.size()) == before);
    const auto json = nlohmann::json::parse(lines_of(log).back());
    CHECK(json.size() == 3);
    CHECK(json["level"] == "error");
    CHECK_THAT(json["message"].get<std::string>(), Contains("bad.csv:2: found \"\\x1b[2J\""));
    CHECK_THAT(json["time"].get<std::string>(), Contains("T") && Contains("Z"));
  }
  SECTION("renamed, as logrotate does, it begins anew; cut, it goes on at its begin") {
    std::filesystem::rename(log, log + ".1");
    REQUIRE(fit(folder, {"--log-file", log}).exit_code == EX_OK);
    const std::size_t lines = lines_of(log).size();
    CHECK(lines > 0);
    std::filesystem::resize_file(log, 0);
    REQUIRE(fit(folder, {"--log-file", log}).exit_code == EX_OK);
    CHECK(lines_of(log).size() == lines);
  }
}

TEST_CASE("a log that cannot be had, or would go into another file, is refused",
          "[cli][messages]") {
  const TemporaryFolder folder;
  CHECK(fit(folder, {"--log-file", folder.path("absent/log")}).exit_code == EX_CANTCREAT);
  CHECK(fit(folder, {"--log-file", "-"}).exit_code == EX_USAGE);
  CHECK(fit(folder, {"--log-format", "xml"}).exit_code == EX_USAGE);
  CHECK(fit(folder, {"--log-file", folder.path("model")}).exit_code == EX_USAGE);
  const std::string config = folder.write("fit.toml", "rank = 3\n");
  for (const std::string& input : {kRatings, config}) {
    const std::string before = read_file(input);
    CHECK(fit(folder, {"--config", config, "--log-file", input}).exit_code == EX_USAGE);
    CHECK(read_file(input) == before);
  }
  CHECK_FALSE(std::filesystem::exists(folder.path("model")));
}

TEST_CASE("a log on a full disk ends with a warning, and the work goes on", "[cli][messages]") {
  const TemporaryFolder folder;
  const Outcome outcome = fit(folder, {"--log-file", "/dev/full", "--strict"});
  CHECK(outcome.exit_code == kWarned);
  const std::string words = "/dev/full: the log cannot be written: No space left on device";
  CHECK_THAT(outcome.err, Contains(words));
  CHECK(outcome.err.find(words) == outcome.err.rfind(words));
  CHECK(run_balse({"info", folder.path("model")}).exit_code == EX_OK);
}

TEST_CASE("--quiet leaves warnings and errors", "[cli][messages]") {
  const TemporaryFolder folder;
  CHECK(fit(folder, {"--quiet"}).err.empty());
  const std::string log = folder.path("log");
  const Outcome outcome = fit(folder, {"-q", "--log-file", log}, true);
  CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
  CHECK_THAT(outcome.err, Contains("balse: warning: starting from scratch"));
  CHECK(lines_of(log).size() == 6);
}

TEST_CASE("--strict ends with 3 where something was warned of", "[cli][messages]") {
  const TemporaryFolder folder;
  CHECK(fit(folder, {}, true).exit_code == EX_OK);
  CHECK(fit(folder, {"--strict"}).exit_code == EX_OK);
  CHECK(fit(folder, {"--strict"}, true).exit_code == kWarned);
  CHECK(fit(folder, {"--strict", "--quiet"}, true).exit_code == kWarned);
  const std::string model = folder.path("model");
  CHECK(run_balse({"info", model}).exit_code == EX_OK);
  // Errors are what they are.
  CHECK(fit(folder, {"--strict", "--tags", folder.path("absent")}, true).exit_code == EX_NOINPUT);
  std::string rows = "a,x,1\n";
  for (int k = 0; k < 20; ++k) {
    rows += std::string(1, static_cast<char>('a' + k % 4)) + "," + std::to_string(k) + ",2\n";
  }
  const std::string twice = folder.write("twice.csv", rows + "a,x,2\n");
  const std::vector<std::string> eval = {"eval", twice, "--models", "user-mean"};
  CHECK(run_balse(eval).exit_code == EX_OK);
  CHECK(run_balse({"eval", twice, "--models", "user-mean", "--strict"}).exit_code == kWarned);
  const std::string config = folder.write("eval.toml", "strict = true\n");
  CHECK(run_balse({"eval", twice, "--models", "user-mean", "--config", config}).exit_code ==
        kWarned);
  // Where --strict was there before it still means what it meant, too.
  const std::vector<std::string> predict = {"predict", "--model", model, "--strict"};
  CHECK(run_balse(predict, "user,item,fallback\n0,1,x\n").exit_code == EX_OK);
  CHECK(run_balse(predict, "nobody,1\n").exit_code == EX_DATAERR);
  CHECK(run_balse({"predict", "--model", model, "--strict", "--skip-bad-rows"}, "0,1\n0\n")
            .exit_code == kWarned);
  const std::string help = run_balse({"fit", "--help"}).out;
  CHECK_THAT(help, Contains("3 done, but warned (--strict)"));
}

TEST_CASE("out of memory is logged too", "[cli][messages]") {
  if (kHasSanitizer) {
    return;  // they need terabytes of addresses
  }
  const TemporaryFolder folder;
  const std::string log = folder.path("log");
  const std::string command = std::string(BALSE_PROGRAM) + " fit " + kRatings + " --model " +
                              folder.path("m") + " --rank 200 --iterations 1 --threads 1";
  // From too little to be loaded to enough; on the way there is too little to train.
  int logged = 0;
  for (int kilobytes = 14000; kilobytes < 60000 && logged < 4; kilobytes += 500) {
    const char* const format = kilobytes % 1000 == 0 ? "text" : "json";
    std::filesystem::remove(log);
    const Outcome outcome =
        run_command("bash", {"-c", "ulimit -v " + std::to_string(kilobytes) + "; exec " + command +
                                       " --log-file " + log + " --log-format " + format});
    if (outcome.exit_code == EX_OSERR && std::filesystem::exists(log)) {
      CHECK_THAT(lines_of(log).back(), Contains("out of memory"));
      CHECK(outcome.err.find("out of memory") != std::string::npos);
      ++logged;
    }
  }
  CHECK(logged > 0);
}

}  // namespace messages_test
