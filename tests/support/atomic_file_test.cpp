#include "balse/support/atomic_file.hpp"

#include <algorithm>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <utility>

#include <catch2/catch.hpp>

#include "support/errors.hpp"
#include "support/skipped.hpp"
#include "support/temporary_folder.hpp"

using namespace balse;
using namespace balse::test;

namespace {

namespace fs = std::filesystem;

void replace(const std::string& path, const std::string& text,
             const AtomicFileOptions& options = {}) {
  AtomicFile file(path, options);
  file.write(text);
  file.commit();
}

struct stat status_of(const std::string& path) {
  struct stat status = {};
  REQUIRE(::lstat(path.c_str(), &status) == 0);
  return status;
}

std::size_t files_in(const std::string& folder) {
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator(folder)) {
    ++files;
  }
  return files;
}

}  // namespace

TEST_CASE("a completed file is whole, but not yet in the other's place", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  {
    AtomicFile file(path);
    file.write("never");
    file.complete();
    CHECK(read_file(path) == "old");
  }
  CHECK(std::distance(fs::directory_iterator(folder.path()), {}) == 1);
  AtomicFile file(path);
  file.write("new");
  file.complete();
  file.complete();
  CHECK(read_file(path) == "old");
  file.commit();
  CHECK(read_file(path) == "new");
}

TEST_CASE("a link that leads to no file yet stays, and the file is made where it leads",
          "[atomic_file]") {
  const TemporaryFolder folder;
  fs::create_directory(folder.path("big"));
  fs::create_symlink("big/model.st", folder.path("model.st"));
  for (const char* text : {"first", "second"}) {
    replace(folder.path("model.st"), text);
    CHECK(fs::is_symlink(folder.path("model.st")));
    CHECK(!fs::is_symlink(folder.path("big/model.st")));
    CHECK(read_file(folder.path("big/model.st")) == text);
  }
  CHECK(files_in(folder.path("big")) == 1);
}

TEST_CASE("an open file without a name is written to, and its link stays", "[atomic_file]") {
  const TemporaryFolder folder;
  if (!fs::exists("/proc/self/fd")) {
    skipped("/proc is not mounted");
    return;
  }
  const std::string path = folder.write("out", "before,");
  const int out = ::open(path.c_str(), O_RDWR | O_APPEND | O_CLOEXEC);
  REQUIRE(out >= 0);
  fs::create_symlink("/proc/self/fd/" + std::to_string(out), folder.path("link"));
  for (const bool unlinked : {false, true}) {
    if (unlinked) {
      fs::remove(path);
    }
    replace(folder.path("link"), "text,");
    CHECK(fs::is_symlink(folder.path("link")));
    char bytes[64];
    const ssize_t size = ::pread(out, bytes, sizeof bytes, 0);
    REQUIRE(size > 0);
    CHECK(std::string(bytes, static_cast<std::size_t>(size)) ==
          (unlinked ? "before,text,text," : "before,text,"));
  }
  ::close(out);
  CHECK(error_of([&] { replace(folder.path("link"), "x"); }).kind() == ErrorKind::cannot_create);
  CHECK(fs::is_symlink(folder.path("link")));
}

TEST_CASE("a descriptor that is open for reading only is no output", "[atomic_file]") {
  const TemporaryFolder folder;
  if (!fs::exists("/proc/self/fd")) {
    skipped("/proc is not mounted");
    return;
  }
  const int in = ::open(folder.write("in", "input").c_str(), O_RDONLY | O_CLOEXEC);
  const std::string path = "/proc/self/fd/" + std::to_string(in);
  CHECK(error_of([&] { const AtomicFile file(path); }).kind() == ErrorKind::cannot_create);
  ::close(in);
  CHECK(read_file(folder.path("in")) == "input");
}

TEST_CASE("a replaced file keeps its permissions, but no set-id or sticky bits", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  for (const mode_t mode : {0600U, 0640U, 04755U, 06711U, 01644U}) {
    REQUIRE(::chmod(path.c_str(), mode) == 0);
    replace(path, "new");
    CHECK((status_of(path).st_mode & 07777) == (mode & 0777));
  }
}

TEST_CASE("a replaced file keeps its owner and group", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  constexpr uid_t kOwner = 12345;
  constexpr gid_t kGroup = 23456;
  if (::chown(path.c_str(), kOwner, kGroup) != 0) {
    skipped("only root gives files away");
    return;
  }
  REQUIRE(::chmod(path.c_str(), 0640) == 0);
  replace(path, "new");
  replace(folder.path("beside"), "state", {.beside = path});
  for (const std::string& written : {path, folder.path("beside")}) {
    const struct stat status = status_of(written);
    CHECK(status.st_uid == kOwner);
    CHECK(status.st_gid == kGroup);
    CHECK((status.st_mode & 07777) == 0640);
  }
}

TEST_CASE("where the group cannot be given, nobody reads more than before", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  constexpr uid_t kSomebody = 12345;
  constexpr gid_t kTheirs = 23456;
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  for (const auto& [before, after] : {std::pair{0640U, 0600U}, {0664U, 0644U}, {0604U, 0600U}}) {
    if (::chown(path.c_str(), kSomebody, kTheirs) != 0 || ::chmod(path.c_str(), before) != 0 ||
        ::seteuid(kSomebody) != 0) {
      skipped("only root becomes somebody else");
      return;
    }
    replace(path, "new");
    REQUIRE(::seteuid(0) == 0);
    const struct stat status = status_of(path);
    CHECK(status.st_gid != kTheirs);
    CHECK((status.st_mode & 07777) == after);
  }
}

TEST_CASE("a replaced file keeps its access control list", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  // The owner and user 12345 may read, the group may not; the mode says 0640 nevertheless.
  const unsigned char list[] = {2,    0,    0,    0,    1,    0,    6,    0,    0xff, 0xff, 0xff,
                                0xff, 2,    0,    4,    0,    0x39, 0x30, 0,    0,    4,    0,
                                0,    0,    0xff, 0xff, 0xff, 0xff, 0x10, 0,    4,    0,    0xff,
                                0xff, 0xff, 0xff, 0x20, 0,    0,    0,    0xff, 0xff, 0xff, 0xff};
  constexpr const char* kList = "system.posix_acl_access";
  if (::setxattr(path.c_str(), kList, list, sizeof list, 0) != 0) {
    skipped("this file system has no access control lists");
    return;
  }
  replace(path, "new");
  unsigned char kept[sizeof list] = {};
  CHECK(::getxattr(path.c_str(), kList, kept, sizeof kept) == sizeof list);
  CHECK(std::equal(list, list + sizeof list, kept));
}

TEST_CASE("a file that was closed to others during the work stays closed", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  REQUIRE(::chmod(path.c_str(), 0644) == 0);
  AtomicFile file(path);
  file.write("secret");
  REQUIRE(::chmod(path.c_str(), 0600) == 0);
  file.commit();
  CHECK((status_of(path).st_mode & 07777) == 0600);
}

TEST_CASE("a link of a file that is kept beside an output is replaced, not followed",
          "[atomic_file]") {
  const TemporaryFolder folder;
  folder.write("victim", "precious");
  fs::create_symlink("victim", folder.path("tags.posters"));
  replace(folder.path("tags.posters"), "state", {.beside = folder.path("tags")});
  CHECK(read_file(folder.path("victim")) == "precious");
  CHECK(!fs::is_symlink(folder.path("tags.posters")));
}

TEST_CASE("names are as long as the file system takes them, longer ones end before the work",
          "[atomic_file]") {
  const TemporaryFolder folder;
  for (const std::size_t length : {200U, 240U, 250U, 255U}) {
    const std::string path = folder.path(std::string(length, 'n'));
    replace(path, "text");
    CHECK(read_file(path) == "text");
    replace(path, "again");
    CHECK(read_file(path) == "again");
  }
  CHECK(files_in(folder.path()) == 4);
  const std::string path = folder.path(std::string(256, 'n'));
  CHECK(error_of([&] { const AtomicFile file(path); }).kind() == ErrorKind::cannot_create);
}

TEST_CASE("another user's file in a folder like /tmp ends the run before the work",
          "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("file", "old");
  REQUIRE(::chmod(folder.path().c_str(), 01777) == 0);
  constexpr uid_t kSomebody = 12345;
  if (::geteuid() != 0 || ::seteuid(kSomebody) != 0) {
    skipped("only root becomes somebody else");
    return;
  }
  CHECK(error_of([&] { const AtomicFile file(path); }).kind() == ErrorKind::cannot_create);
  replace(folder.path("own"), "text");
  REQUIRE(::seteuid(0) == 0);
  CHECK(read_file(path) == "old");
  CHECK(status_of(folder.path("own")).st_uid == kSomebody);
}

TEST_CASE("a disk is not written to like a pipe", "[atomic_file]") {
  const TemporaryFolder folder;
  const std::string disk = folder.path("disk");
  if (::mknod(disk.c_str(), S_IFBLK | 0600, 0) != 0) {  // a number that no driver has
    skipped("only root makes devices");
    return;
  }
  CHECK(error_of([&] { const AtomicFile file(disk); }).kind() == ErrorKind::cannot_create);
}
