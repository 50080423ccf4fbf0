#include "balse/support/atomic_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"

#include "support/unfinished_files.hpp"

namespace balse {
namespace {

[[noreturn]] void fail(ErrorKind kind, const std::string& path, const std::string& what,
                       int error_number) {
  throw Error(kind, {.file = path,
                     .found = what + ": " + system_message(error_number),
                     .hint = "a folder that exists, is writable and has room"});
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

/// Which can only be read by setting it, so once, before there are other threads to see that.
mode_t current_umask() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

std::string link_of(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

}  // namespace

AtomicFile::AtomicFile(std::string path, Durability durability)
    : path_(std::move(path)),
      durability_(durability),
      unfinished_(std::make_unique<UnfinishedFile>()) {
  // A rename would replace what a symbolic link or /dev/stdout is; follow links, refuse what is no
  // file.
  if (char* resolved = ::realpath(path_.c_str(), nullptr)) {
    path_ = resolved;
    std::free(resolved);
  }
  struct stat status = {};
  if (::stat(path_.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
    throw Error(ErrorKind::cannot_create,
                {.file = path_,
                 .found = "is not a regular file, so it cannot be replaced",
                 .hint = "a file name, or no file at all for standard output"});
  }
  // mkstemp makes files for the owner only; an output file follows the umask, or keeps the old
  // file's mode.
  static const mode_t kMask = current_umask();
  const mode_t mode = status.st_mode != 0 ? (status.st_mode & 07777) : (0666 & ~kMask);
  int descriptor = open_nameless(mode);
  if (descriptor < 0) {
    descriptor = open_named(mode);
  }
  file_ = descriptor < 0 ? nullptr : ::fdopen(descriptor, "wb");
  if (file_ == nullptr) {
    const int error_number = errno;
    if (descriptor >= 0) {
      ::close(descriptor);
    }
    if (!temporary_.empty()) {
      ::unlink(temporary_.c_str());
    }
    fail(ErrorKind::cannot_create, path_, "cannot be created", error_number);
  }
}

AtomicFile::~AtomicFile() {
  if (file_ != nullptr) {
    std::fclose(file_);
  }
  if (!temporary_.empty()) {
    ::unlink(temporary_.c_str());
  }
}

void AtomicFile::remove_unfinished() noexcept {
  UnfinishedFile::remove_all();
}

int AtomicFile::open_nameless(unsigned mode) {
  const int descriptor =
      ::open(folder_of(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  // A name is given through /proc, which a bare chroot may lack.
  if (descriptor >= 0 && ::access(link_of(descriptor).c_str(), F_OK) != 0) {
    ::close(descriptor);
    return -1;
  }
  if (descriptor >= 0) {
    ::fchmod(descriptor, mode);
  }
  return descriptor;
}

int AtomicFile::open_named(unsigned mode) {
  const SignalsHeldBack until_remembered;
  temporary_ = path_ + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor < 0) {
    temporary_.clear();
    return -1;
  }
  unfinished_->remember(temporary_);
  ::fchmod(descriptor, mode);
  return descriptor;
}

// A link cannot replace a file, a rename can: so the file first gets a name of its own.
void AtomicFile::give_name() {
  constexpr int kAttempts = 100;
  std::random_device random;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::string name = path_ + "." + std::to_string(random());
    unfinished_->remember(name);
    if (::linkat(AT_FDCWD, link_of(::fileno(file_)).c_str(), AT_FDCWD, name.c_str(),
                 AT_SYMLINK_FOLLOW) == 0) {
      temporary_ = name;
      return;
    }
    const int error_number = errno;
    unfinished_->forget();
    if (error_number != EEXIST) {
      fail(ErrorKind::cannot_create, path_, "cannot be created", error_number);
    }
  }
  fail(ErrorKind::cannot_create, path_, "cannot be created", EEXIST);
}

void AtomicFile::write(std::string_view bytes) {
  if (bytes.empty()) {
    return;
  }
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_) != bytes.size()) {
    fail(ErrorKind::io, path_, "cannot be written", errno);
  }
}

void AtomicFile::commit() {
  const bool synced = durability_ == Durability::synced;
  if (std::fflush(file_) != 0 || (synced && ::fsync(::fileno(file_)) != 0)) {
    fail(ErrorKind::io, path_, "cannot be written", errno);
  }
  if (temporary_.empty()) {
    give_name();
  }
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) {
    fail(ErrorKind::io, path_, "cannot be written", errno);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail(ErrorKind::cannot_create, path_, "cannot be replaced", errno);
  }
  temporary_.clear();
  unfinished_->forget();
  if (!synced) {
    return;
  }
  // The rename itself survives a power cut only once the folder is synced.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

}  // namespace balse
