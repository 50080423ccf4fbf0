// Where memory or threads run out, every command ends with one sentence and exit code 71, or with
// the result that it always has; outputs are as before, or whole.

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <string>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/run_program.hpp"
#include "support/sanitizers.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace scarce_test {
namespace {

const std::string kData = BALSE_SOURCE_DIR "/data/demo/";

constexpr int kSteps = 40;
constexpr int kSegmentationFault = 139;

/// Runs the program with limits of its address space, 12 to 80 MB, and checks each outcome.
/// Returns how many runs ended for want of memory.
int run_in_steps(const std::vector<std::string>& arguments, const std::string& output,
                 const std::string& expected) {
  int starved = 0;
  for (int step = 0; step < kSteps; ++step) {
    const auto limit =
        static_cast<std::uint64_t>(12e6 * std::pow(80.0 / 12.0, step / (kSteps - 1.0)));
    std::vector<std::string> words = {"--as=" + std::to_string(limit), BALSE_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    if (!output.empty()) {
      // A lower limit may have been enough: it is up to where the threads' memory lies.
      std::ofstream(output) << "yesterday's";
    }
    const Outcome outcome = run_command("prlimit", words);
    INFO(arguments[0] << " with " << limit << " bytes: " << outcome.exit_code << " "
                      << outcome.err);
    if (outcome.exit_code == 127 || outcome.exit_code == kSegmentationFault) {
      // Not even the system's loader could start it, whatever the command.
      CHECK(run_command("prlimit", {words[0], BALSE_PROGRAM, "--version"}).exit_code ==
            outcome.exit_code);
    } else if (outcome.exit_code == EX_OSERR) {
      ++starved;
      CHECK_THAT(outcome.err, Contains("balse: error: "));
      CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    } else {
      CHECK(outcome.exit_code == EX_OK);
    }
    if (!output.empty()) {
      const std::string now = read_file(output);
      CHECK((now == "yesterday's") == (outcome.exit_code != EX_OK));
    } else if (outcome.exit_code == EX_OK) {
      CHECK(outcome.out == expected);
    }
  }
  return starved;
}

}  // namespace

TEST_CASE("commands that run out of memory say so and leave their outputs", "[cli][scarce]") {
  if (kHasSanitizer) {  // they take terabytes of address space, and processes of their own
    WARN("SKIPPED: limits of memory with a sanitizer");
    return;
  }
  if (run_command("sh", {"-c", "command -v prlimit"}).exit_code != 0) {
    WARN("SKIPPED: limits of memory: there is no prlimit");
    return;
  }
  const TemporaryFolder folder;
  const std::string model = folder.path("model");
  REQUIRE(run_balse({"fit", kData + "ratings.csv", "--tags", kData + "tags.csv", "--model", model})
              .exit_code == EX_OK);
  std::string pairs = "user,item\n";
  for (int k = 0; k < 2000; ++k) {
    pairs += std::to_string(k % 300) + ',' + std::to_string(k % 900) + '\n';
  }
  const std::string pairs_file = folder.write("pairs.csv", pairs);
  const std::string old = folder.write("old", "yesterday's");
  int starved = run_in_steps(
      {"fit", kData + "ratings.csv", "--tags", kData + "tags.csv", "--model", old}, old, "");
  CHECK(starved > 0);
  for (const std::vector<std::string>& command :
       {std::vector<std::string>{"eval", kData + "ratings.csv", "--tags", kData + "tags.csv",
                                 "--fold-count", "2"},
        {"predict", "--model", model, pairs_file},
        {"recommend", "--model", model, "--all-users"},
        {"explain", "--model", model, "--user", "10", "--item", "42"},
        {"info", model}}) {
    run_in_steps(command, "", run_balse(command).out);
  }
  // Nothing else is left behind: the model, the old one, the pairs.
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()),
                      std::filesystem::directory_iterator()) == 3);
}

}  // namespace scarce_test
