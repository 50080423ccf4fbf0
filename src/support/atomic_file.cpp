#include "balse/support/atomic_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <climits>

#include "balse/support/error.hpp"
#include "balse/support/file_attributes.hpp"
#include "balse/support/output_target.hpp"
#include "balse/support/system_calls.hpp"
#include "balse/support/unfinished_files.hpp"

namespace balse {
namespace {

constexpr std::size_t kPieceBytes = std::size_t{1} << 16;

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : path.substr(0, slash + 1);
}

std::string link_of(int descriptor) {
  return "/proc/self/fd/" + std::to_string(descriptor);
}

/// Whether a folder with the sticky bit keeps this process from replacing the file.
bool is_kept_by(const std::string& folder, const struct stat& file) {
  struct stat status = {};
  const uid_t user = ::geteuid();
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & S_ISVTX) != 0 && user != 0 &&
         file.st_uid != user && status.st_uid != user;
}

/// A rename survives a power cut only once the folder is synced.
void sync_folder(const std::string& path) {
  const int folder =
      uninterrupted([&] { return ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC); });
  if (folder >= 0) {
    uninterrupted([&] { return ::fsync(folder); });
    ::close(folder);
  }
}

}  // namespace

AtomicFile::AtomicFile(std::string path, AtomicFileOptions options)
    : name_(std::move(path)),
      options_(std::move(options)),
      unfinished_(std::make_unique<UnfinishedFile>()) {
  mode_of_new_files();  // asked for now, while there are no other threads
  const OutputTarget target = options_.beside.empty() ? output_target(name_) : OutputTarget{name_};
  path_ = target.path;
  if (target.kind == OutputTarget::Kind::refused) {
    throw Error(ErrorKind::cannot_create,
                {.file = name_,
                 .found = target.problem + ", so it cannot be written",
                 .hint = "a file name, or no file at all for standard output"});
  }
  if (!target.is_file()) {
    open_stream(target);
    return;
  }
  // What a rename would say only after the work: a name that is too long, another user's file.
  struct stat status = {};
  if (::lstat(path_.c_str(), &status) == 0) {
    if (is_kept_by(folder_of(path_), status)) {
      cannot_create("cannot be replaced", EPERM);
    }
  } else if (errno != ENOENT) {
    cannot_create("cannot be created", errno);
  }
  descriptor_ = open_nameless();
  if (descriptor_ < 0) {
    descriptor_ = open_named();
  }
  if (descriptor_ < 0) {
    cannot_create("cannot be created", errno);
  }
}

AtomicFile::~AtomicFile() {
  if (descriptor_ >= 0) {
    ::close(descriptor_);
  }
  if (!temporary_.empty()) {
    uninterrupted([&] { return ::unlink(temporary_.c_str()); });
  }
}

void AtomicFile::remove_unfinished() noexcept {
  UnfinishedFile::remove_all();
}

void AtomicFile::cannot_create(const std::string& what, int error_number) const {
  throw Error(kind_of_failure(error_number, ErrorKind::cannot_create),
              {.file = name_,
               .found = what + ": " + system_message(error_number),
               .hint = "a folder that exists, is writable and has room"});
}

/// At the end of what is there: others may be writing to it as well.
void AtomicFile::open_stream(const OutputTarget& target) {
  stream_ = true;
  constexpr int kFirst = 3;  // not in the place of a standard one
  if (target.kind == OutputTarget::Kind::descriptor) {
    const int flags = ::fcntl(target.descriptor, F_GETFL);
    if (flags >= 0 && (flags & O_ACCMODE) == O_RDONLY) {
      errno = EBADF;
    } else {
      descriptor_ = ::fcntl(target.descriptor, F_DUPFD_CLOEXEC, kFirst);
    }
  } else {
    descriptor_ = uninterrupted(
        [&] { return ::open(path_.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOCTTY); });
  }
  if (descriptor_ < 0) {
    const std::string problem = system_message(errno);
    throw Error(ErrorKind::cannot_create,
                {.file = name_, .found = "cannot be opened for writing: " + problem});
  }
}

int AtomicFile::open_nameless() {
  const int descriptor = uninterrupted([&] {
    return ::open(folder_of(path_).c_str(), O_TMPFILE | O_WRONLY | O_CLOEXEC, S_IRUSR | S_IWUSR);
  });
  // A name is given through /proc, which a bare chroot may lack.
  if (descriptor >= 0 && ::access(link_of(descriptor).c_str(), F_OK) != 0) {
    ::close(descriptor);
    return -1;
  }
  return descriptor;
}

int AtomicFile::open_named() {
  const SignalsHeldBack until_remembered;
  temporary_ = other_name(".XXXXXX");
  const int descriptor = uninterrupted([&] { return ::mkostemp(temporary_.data(), O_CLOEXEC); });
  if (descriptor < 0) {
    temporary_.clear();
    return -1;
  }
  unfinished_->remember(temporary_);
  return descriptor;
}

/// A name beside the target that a file system takes if it takes the target's.
std::string AtomicFile::other_name(std::string_view ending) const {
  const std::string folder = folder_of(path_);
  const std::size_t begin = path_.rfind('/') + 1;  // 0 where there is none
  const long limit = ::pathconf(folder.c_str(), _PC_NAME_MAX);
  const std::size_t longest = limit > 0 ? static_cast<std::size_t>(limit) : NAME_MAX;
  const std::size_t room = longest - std::min(longest, ending.size());
  return path_.substr(0, begin) + path_.substr(begin, room) + std::string(ending);
}

// A link cannot replace a file, a rename can: so the file first gets a name of its own.
void AtomicFile::give_name() {
  constexpr int kAttempts = 100;
  std::random_device random;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    const std::string name = other_name("." + std::to_string(random()));
    unfinished_->remember(name);
    const int linked = uninterrupted([&] {
      return ::linkat(AT_FDCWD, link_of(descriptor_).c_str(), AT_FDCWD, name.c_str(),
                      AT_SYMLINK_FOLLOW);
    });
    if (linked == 0) {
      temporary_ = name;
      return;
    }
    const int error_number = errno;
    unfinished_->forget();
    if (error_number != EEXIST) {
      cannot_create("cannot be created", error_number);
    }
  }
  cannot_create("cannot be created", EEXIST);
}

/// Of the file that is there now: it may have been closed to others since the work began.
void AtomicFile::take_attributes() const {
  const std::string& model = options_.beside.empty() ? path_ : options_.beside;
  struct stat status = {};
  if (::lstat(model.c_str(), &status) == 0 && S_ISREG(status.st_mode)) {
    take_permissions(descriptor_, status, model);
    take_owner(descriptor_, status);
  } else {
    ::fchmod(descriptor_, mode_of_new_files());
  }
}

void AtomicFile::cannot_write() const {
  const std::string problem = system_message(errno);
  throw Error(ErrorKind::io, {.file = name_, .found = "cannot be written: " + problem});
}

void AtomicFile::write(std::string_view bytes) {
  if (pending_.size() + bytes.size() < kPieceBytes) {
    pending_ += bytes;
    return;
  }
  flush();
  if (!write_all(descriptor_, bytes)) {
    cannot_write();
  }
}

void AtomicFile::flush() {
  if (!write_all(descriptor_, pending_)) {
    cannot_write();
  }
  pending_.clear();
}

void AtomicFile::complete() {
  if (completed_) {
    return;
  }
  flush();
  if (!stream_) {
    take_attributes();
    if (is_synced() && uninterrupted([&] { return ::fsync(descriptor_); }) != 0) {
      cannot_write();
    }
  }
  completed_ = true;
}

void AtomicFile::commit() {
  complete();
  if (!stream_ && temporary_.empty()) {
    give_name();  // as late as can be: whoever is killed after it leaves a file behind
  }
  if (!close_written(std::exchange(descriptor_, -1))) {
    cannot_write();
  }
  if (stream_) {
    return;
  }
  if (uninterrupted([&] { return ::rename(temporary_.c_str(), path_.c_str()); }) != 0) {
    cannot_create("cannot be replaced", errno);
  }
  temporary_.clear();
  unfinished_->forget();
  if (is_synced()) {
    sync_folder(folder_of(path_));
  }
}

}  // namespace balse
