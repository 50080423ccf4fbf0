#include "balse/support/file_lock.hpp"

#include <filesystem>
#include <string>
#include <sys/stat.h>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace {

ErrorKind kind_of_lock(const std::string& path) {
  return error_of([&] { const FileLock lock(path, FileLock::Afterwards::remove); }).kind();
}

}  // namespace

TEST_CASE("a lock that goes away afterwards is nobody else's file", "[file_lock]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.lock");
  for (const std::string& target : {folder.path("absent"), folder.write("empty", "")}) {
    INFO(target);
    std::filesystem::create_symlink(target, path);
    CHECK(kind_of_lock(path) == ErrorKind::cannot_create);
    CHECK(std::filesystem::is_symlink(path));
    std::filesystem::remove(path);
  }
  CHECK(!std::filesystem::exists(folder.path("absent")));
  REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
  CHECK(kind_of_lock(path) == ErrorKind::cannot_create);
  CHECK(std::filesystem::exists(path));
}

TEST_CASE("a lock is held by one at a time", "[file_lock]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.lock");
  {
    const FileLock lock(path, FileLock::Afterwards::remove);
    CHECK(kind_of_lock(path) == ErrorKind::try_later);
    CHECK(std::filesystem::exists(path));
  }
  CHECK(!std::filesystem::exists(path));
  { const FileLock lock(path, FileLock::Afterwards::keep); }
  CHECK(std::filesystem::exists(path));
}
