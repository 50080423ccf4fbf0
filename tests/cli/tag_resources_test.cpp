// balse tag where memory is short, and how much of it it takes.

#include <algorithm>
#include <cerrno>
#include <spawn.h>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <vector>

#include <catch2/catch.hpp>

#include "cli/tag_support.hpp"

using namespace balse::test;
using Catch::Matchers::Contains;

namespace {

#ifdef __SANITIZE_ADDRESS__
constexpr bool kSanitized = true;  // which takes terabytes of address space, and memory of its own
#else
constexpr bool kSanitized = false;
#endif

/// Peak memory of the program and of its engine, whichever is larger, in MB; -1 where it fails.
long peak_megabytes(std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), BALSE_PROGRAM);
  std::vector<char*> pointers;
  for (std::string& word : arguments) {
    pointers.push_back(word.data());
  }
  pointers.push_back(nullptr);
  pid_t child = 0;
  REQUIRE(::posix_spawn(&child, BALSE_PROGRAM, nullptr, nullptr, pointers.data(), environ) == 0);
  int status = 0;
  rusage usage = {};
  while (::wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == EX_OK ? usage.ru_maxrss / 1024 : -1;
}

}  // namespace

TEST_CASE("with too little address space balse tag ends in a sentence", "[cli][tag]") {
  if (kSanitized) {
    WARN("SKIPPED: the address sanitizer needs all address space there is");
    return;
  }
  const TagSetup setup;
  setup.add_poster("1", 1);
  const std::string before = "item,tag,weight\n";
  const std::string output = setup.folder().write("tags.csv", before);
  int failed = 0;
  for (const char* kilobytes : {"60000", "200000", "400000", "800000", "1100000", "1400000"}) {
    const Outcome outcome = setup.run_in_shell(std::string("ulimit -v ") + kilobytes + "; exec ",
                                               {setup.posters(), "--output", output});
    INFO(kilobytes << ": " << outcome.exit_code << " " << outcome.err);
    CHECK(std::count(outcome.err.begin(), outcome.err.end(), '\n') == 1);
    if (outcome.exit_code == EX_OK) {
      break;
    }
    CHECK(outcome.exit_code == EX_OSERR);
    CHECK(read_file(output) == before);
    ++failed;
  }
  CHECK(failed > 2);
}

TEST_CASE("balse tag takes no more memory for more posters", "[cli][tag]") {
  if (kSanitized) {
    WARN("SKIPPED: the address sanitizer keeps what is freed");
    return;
  }
  const TagSetup setup;
  for (int poster = 0; poster < 480; ++poster) {
    setup.add_poster(std::to_string(poster), static_cast<std::uint64_t>(poster), 4);
  }
  const std::string demo = BALSE_SOURCE_DIR "/models/demo/";
  long largest = 0;
  for (int run = 0; run < 3; ++run) {
    const long peak =
        peak_megabytes({"tag", setup.posters(), "--weights", demo + "demo_tagger.caffemodel",
                        "--output", setup.path("tags" + std::to_string(run))});
    REQUIRE(peak > 0);
    largest = std::max(largest, peak);
  }
  WARN("peak memory for 480 posters: " << largest << " MB");
  CHECK(largest < 400);
}
