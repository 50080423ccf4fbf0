#include "balse/support/file_lock.hpp"

#include <cerrno>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"

#include "support/unfinished_files.hpp"

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
      status.st_size != 0) {
    ::close(std::exchange(descriptor_, -1));
    throw Error(ErrorKind::cannot_create,
                {.file = path_,
                 .found = "is not empty, so it is no lock and must not be removed",
                 .hint = "moving it away, or a lock or an output of another name"});
  }
  if (afterwards_ == Afterwards::remove) {
    unfinished_->remember(path_);
  }
}

// False where the holder before us removed the file between our opening and locking it: then what
// we hold is a lock on nothing that others can see.
bool FileLock::try_once() {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOCTTY, 0666);
  if (descriptor_ < 0) {
    throw Error(ErrorKind::cannot_create,
                {.file = path_,
                 .found = "the lock cannot be created: " + system_message(errno),
                 .hint = "a folder that exists and is writable"});
  }
  if (::flock(descriptor_, LOCK_EX | LOCK_NB) != 0) {
    const int error_number = errno;
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
  if (descriptor_ >= 0) {
    if (afterwards_ == Afterwards::remove) {
      unfinished_->forget();
      ::unlink(path_.c_str());  // while it is still locked: nobody else can have taken it
    }
    ::close(descriptor_);
  }
}

}  // namespace balse
