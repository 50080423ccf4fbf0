#include "balse/support/file_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/system_calls.hpp"
#include "balse/support/unfinished_files.hpp"

namespace balse {

FileLock::FileLock(std::string path, Afterwards afterwards)
    : path_(std::move(path)),
      afterwards_(afterwards),
      unfinished_(std::make_unique<UnfinishedFile>()) {
  const SignalsHeldBack until_remembered;
  while (!try_once()) {
  }
  struct stat status = {};
  if (afterwards_ == Afterwards::remove && ::fstat(descriptor_, &status) == 0 &&
      (status.st_size != 0 || !S_ISREG(status.st_mode))) {
    ::close(std::exchange(descriptor_, -1));
    throw Error(ErrorKind::cannot_create,
                {.file = path_,
                 .found = "is not an empty file, so it is no lock and must not be removed",
                 .hint = "moving it away, or a lock or an output of another name"});
  }
  if (afterwards_ == Afterwards::remove) {
    unfinished_->remember(path_);
  }
}

/// Whether the file was made here, so is ours to remove where it cannot be locked. -1 as the
/// descriptor where somebody removed it meanwhile.
bool FileLock::open_file() {
  constexpr int kFlags = O_RDWR | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
  constexpr mode_t kMode = 0666;
  const auto open_with = [&](int flags) {
    return uninterrupted([&] { return ::open(path_.c_str(), kFlags | flags, kMode); });
  };
  bool made = false;
  if (afterwards_ == Afterwards::keep) {
    descriptor_ = open_with(O_CREAT);
  } else {
    // Nobody named this file, so nobody can have meant a link.
    descriptor_ = open_with(O_CREAT | O_EXCL);
    made = descriptor_ >= 0;
    if (!made && errno == EEXIST) {
      descriptor_ = open_with(O_NOFOLLOW);
      if (descriptor_ < 0 && errno == ENOENT) {
        return false;
      }
    }
  }
  if (descriptor_ < 0) {
    const int error_number = errno;
    throw Error(
        kind_of_failure(error_number, ErrorKind::cannot_create),
        {.file = path_,
         .found = "the lock cannot be created: " +
                  (error_number == ELOOP ? "it is a symbolic link" : system_message(error_number)),
         .hint = "a folder that exists and is writable"});
  }
  return made;
}

// False where the holder before us removed the file between our opening and locking it: then what
// we hold is a lock on nothing that others can see.
bool FileLock::try_once() {
  const bool made = open_file();
  if (descriptor_ < 0) {
    return false;
  }
  if (uninterrupted([&] { return ::flock(descriptor_, LOCK_EX | LOCK_NB); }) != 0) {
    const int error_number = errno;
    if (made && error_number != EWOULDBLOCK) {
      uninterrupted([&] { return ::unlink(path_.c_str()); });
    }
    ::close(std::exchange(descriptor_, -1));
    if (error_number == EWOULDBLOCK) {
      throw Error(ErrorKind::try_later, {.file = path_,
                                         .found = "another run holds this lock",
                                         .hint = "again when it has ended"});
    }
    throw Error(ErrorKind::io,
                {.file = path_, .found = "cannot be locked: " + system_message(error_number)});
  }
  struct stat held = {};
  struct stat seen = {};
  if (::fstat(descriptor_, &held) == 0 && ::stat(path_.c_str(), &seen) == 0 &&
      held.st_ino == seen.st_ino && held.st_dev == seen.st_dev) {
    return true;
  }
  ::close(std::exchange(descriptor_, -1));
  return false;
}

FileLock::~FileLock() {
  give_back();
}

int FileLock::give_back() {
  if (descriptor_ < 0) {
    return 0;
  }
  int error_number = 0;
  if (afterwards_ == Afterwards::remove) {
    const SignalsHeldBack until_removed;
    unfinished_->forget();
    // While it is still locked: nobody else can have taken it.
    if (uninterrupted([&] { return ::unlink(path_.c_str()); }) != 0 && errno != ENOENT) {
      error_number = errno;
    }
  }
  ::close(std::exchange(descriptor_, -1));
  return error_number;
}

}  // namespace balse
