// What a file system that answers late (NFS, FUSE) does when a signal comes: calls that fail once
// and are to be made again. The functions of this file stand before those of the C library.

#include <atomic>
#include <cerrno>
#include <cstdarg>
#include <cstddef>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/file.h>
#include <unistd.h>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/id_list_reader.hpp"
#include "balse/support/atomic_file.hpp"
#include "balse/support/file_lock.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/tagging/tag_journal.hpp"

#include "support/errors.hpp"
#include "support/temporary_folder.hpp"
#include "tagging/poster_bytes.hpp"

namespace {

/// How a call fails next, and how often.
struct Failing {
  std::atomic<int> times{0};
  int error_number = EINTR;

  bool once_more() {
    if (times.load() <= 0) {
      return false;
    }
    --times;
    errno = error_number;
    return true;
  }
};
Failing failing_flock;
Failing failing_ftruncate;
Failing failing_fsync;
Failing failing_rename;
Failing failing_linkat;
Failing failing_unlink;
Failing failing_open;

template <typename Function>
Function* next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

}  // namespace

extern "C" int flock(int descriptor, int operation) noexcept {
  static auto* const kNext = next<int(int, int)>("flock");
  return failing_flock.once_more() ? -1 : kNext(descriptor, operation);
}
extern "C" int ftruncate(int descriptor, off_t size) noexcept {
  static auto* const kNext = next<int(int, off_t)>("ftruncate");
  return failing_ftruncate.once_more() ? -1 : kNext(descriptor, size);
}
extern "C" int fsync(int descriptor) {
  static auto* const kNext = next<int(int)>("fsync");
  return failing_fsync.once_more() ? -1 : kNext(descriptor);
}
extern "C" int rename(const char* from, const char* to) noexcept {
  static auto* const kNext = next<int(const char*, const char*)>("rename");
  return failing_rename.once_more() ? -1 : kNext(from, to);
}
extern "C" int linkat(int folder, const char* from, int other, const char* to, int flags) noexcept {
  static auto* const kNext = next<int(int, const char*, int, const char*, int)>("linkat");
  return failing_linkat.once_more() ? -1 : kNext(folder, from, other, to, flags);
}
extern "C" int unlink(const char* path) noexcept {
  static auto* const kNext = next<int(const char*)>("unlink");
  return failing_unlink.once_more() ? -1 : kNext(path);
}
extern "C" int open(const char* path, int flags, ...) {
  static auto* const kNext = next<int(const char*, int, mode_t)>("open");
  std::va_list more;
  va_start(more, flags);
  const bool makes = (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE;
  const mode_t mode = makes ? va_arg(more, mode_t) : 0;
  va_end(more);
  return failing_open.once_more() ? -1 : kNext(path, flags, mode);
}

using namespace balse;
using namespace balse::test;

TEST_CASE("calls that a signal interrupts are made again", "[interrupted]") {
  const TemporaryFolder folder;
  for (Failing* call : {&failing_flock, &failing_ftruncate, &failing_fsync, &failing_rename,
                        &failing_linkat, &failing_unlink, &failing_open}) {
    call->error_number = EINTR;
    call->times = 2;
    {
      const FileLock lock(folder.path("tags.lock"), FileLock::Afterwards::remove);
      TagJournal journal(folder.path("tags"), "settings", 1);
      journal.add({.item = "a"}, {});
      journal.flush();
      CHECK(journal.remove());
      AtomicFile file(folder.path("tags"));
      file.write("text");
      file.commit();
    }
    if (call != &failing_linkat) {  // where there is no /proc, a file has a name from the start
      CHECK(call->times == 0);
    }
    call->times = 0;
    CHECK(read_file(folder.path("tags")) == "text");
    CHECK(!std::filesystem::exists(folder.path("tags.lock")));
    CHECK(!std::filesystem::exists(folder.path("tags.partial")));
  }
}

TEST_CASE("files are opened again where a signal came between", "[interrupted]") {
  const TemporaryFolder folder;
  const std::string path = folder.write("ids", "user\n7\n");
  failing_open.times = 1;
  CHECK(MappedFile(path).bytes().size() == 7);
  failing_open.times = 1;
  CHECK(read_user_ids(path).ids.size() == 1);
  failing_open.times = 1;
  std::vector<std::byte> bytes;
  read_poster(path, bytes);
  CHECK(bytes.size() == 7);
  CHECK(failing_open.times == 0);
}

TEST_CASE("a lock that cannot be locked is not left behind", "[interrupted]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.lock");
  const auto lock = [&] { const FileLock made(path, FileLock::Afterwards::remove); };
  failing_flock.error_number = ENOLCK;
  failing_flock.times = 1;
  CHECK(error_of(lock).kind() == ErrorKind::io);
  CHECK(!std::filesystem::exists(path));
  // Somebody else's stays.
  folder.write("model.lock", "");
  failing_flock.times = 1;
  CHECK(error_of(lock).kind() == ErrorKind::io);
  CHECK(std::filesystem::exists(path));
  failing_flock.times = 0;
}

TEST_CASE("a lock that cannot be removed says so, and holds nobody up", "[interrupted]") {
  const TemporaryFolder folder;
  const std::string path = folder.path("model.lock");
  FileLock lock(path, FileLock::Afterwards::remove);
  failing_unlink.error_number = EPERM;
  failing_unlink.times = 1;
  CHECK(lock.give_back() == EPERM);
  CHECK(std::filesystem::exists(path));
  { const FileLock again(path, FileLock::Afterwards::remove); }
  CHECK(!std::filesystem::exists(path));
}
