#include "support/executable_path.hpp"

#include <filesystem>
#include <string>

#include <catch2/catch.hpp>

#include "support/temporary_folder.hpp"

namespace fs = std::filesystem;
using namespace balse;

TEST_CASE("the program finds itself without /proc, never relative to the folder it is called in",
          "[executable_path]") {
  const test::TemporaryFolder folder;
  const std::string without = executable_path(folder.path("no link"));
  REQUIRE(fs::path(without).is_absolute());
  CHECK(fs::path(without).filename() == "balse_tests");
  if (fs::exists("/proc/self/exe")) {
    CHECK(without == fs::read_symlink("/proc/self/exe"));
    CHECK(executable_path() == without);
  }
  // A link that tells of no absolute path tells nothing.
  fs::create_symlink("balse", folder.path("link"));
  CHECK(executable_path(folder.path("link")) == without);
}
