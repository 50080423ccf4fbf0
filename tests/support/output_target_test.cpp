#include "balse/support/output_target.hpp"

#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>

#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;
using Kind = OutputTarget::Kind;

namespace {

namespace fs = std::filesystem;

std::string link_to(const TemporaryFolder& folder, const std::string& name,
                    const std::string& text) {
  fs::create_symlink(text, folder.path(name));
  return folder.path(name);
}

std::string real(const TemporaryFolder& folder, const std::string& name) {
  return (fs::canonical(folder.path()) / name).string();
}

}  // namespace

TEST_CASE("links are followed to where no file is yet", "[output_target]") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("big"));
  const std::string there = real(folder, "big/model.st");
  for (const std::string& path :
       {folder.path("big/model.st"), folder.path("big/../big/./model.st"),
        link_to(folder, "relative", "big/model.st"), link_to(folder, "absolute", there),
        link_to(folder, "chain", "relative"), link_to(folder, "folder", "big") + "/model.st"}) {
    INFO(path);
    CHECK(output_target(path).path == there);
    CHECK(output_target(path).is_file());
  }
  folder.write("big/model.st", "x");
  CHECK(output_target(folder.path("chain")).path == there);
  CHECK(output_target(folder.path("chain")).is_file());
}

TEST_CASE("what is no file is not taken for one", "[output_target]") {
  const TemporaryFolder folder;
  CHECK(output_target("/dev/null").kind == Kind::stream);
  CHECK(output_target(link_to(folder, "null", "/dev/null")).kind == Kind::stream);
  REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
  CHECK(output_target(folder.path("pipe")).kind == Kind::stream);
  for (const std::string& path :
       {folder.path(), folder.path() + "/", folder.path("."), folder.path(".."),
        link_to(folder, "up", ".."), link_to(folder, "loop", "loop")}) {
    INFO(path);
    CHECK(output_target(path).kind == Kind::refused);
    CHECK(!output_target(path).problem.empty());
  }
  CHECK(output_target(folder.path("absent/file")).is_file());
}

TEST_CASE("links to open files are those files, whatever their names are now", "[output_target]") {
  const TemporaryFolder folder;
  if (!fs::exists("/proc/self/fd")) {
    skipped("/proc is not mounted");
    return;
  }
  for (const std::string& path :
       {std::string("/proc/self/fd/7"), std::string("/proc/thread-self/fd/7"),
        "/proc/" + std::to_string(::getpid()) + "/fd/7",
        link_to(folder, "seven", "/proc/self/fd/7"),
        link_to(folder, "fd", "/proc/self/fd") + "/7"}) {
    INFO(path);
    CHECK(output_target(path).kind == Kind::descriptor);
    CHECK(output_target(path).descriptor == 7);
  }
  CHECK(output_target("/proc/self/comm").kind == Kind::stream);
  CHECK(output_target("/proc/self/cwd").kind == Kind::refused);
}

TEST_CASE("another user's link where everybody writes is not followed", "[output_target]") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("shared"));
  const std::string link = link_to(folder, "shared/link", folder.path("victim"));
  REQUIRE(::chmod(folder.path("shared").c_str(), 01777) == 0);
  CHECK(output_target(link).is_file());
  constexpr uid_t kSomebody = 12345;
  if (::lchown(link.c_str(), kSomebody, static_cast<gid_t>(-1)) != 0) {
    skipped("only root gives links to somebody");
    return;
  }
  CHECK(output_target(link).kind == Kind::refused);
  REQUIRE(::chmod(folder.path("shared").c_str(), 0755) == 0);
  CHECK(output_target(link).is_file());
}
