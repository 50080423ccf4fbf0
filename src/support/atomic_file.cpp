#include "balse/support/atomic_file.hpp"

#include <atomic>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>

#include <climits>

#include "balse/support/error.hpp"

namespace balse {
namespace {

// The temporary files that a dying process must not leave behind. A slot's name does not change
// while it is set, so a signal handler may read it at any moment; outputs beyond the last slot are
// left behind.
constexpr int kSlots = 16;
char slot_names[kSlots][PATH_MAX];
std::atomic<bool> slot_taken[kSlots];
std::atomic<bool> slot_ready[kSlots];

int take_slot(const std::string& name) {
  for (int slot = 0; slot < kSlots && name.size() < PATH_MAX; ++slot) {
    if (!slot_taken[slot].exchange(true)) {
      std::memcpy(slot_names[slot], name.c_str(), name.size() + 1);
      slot_ready[slot] = true;
      return slot;
    }
  }
  return -1;
}

void give_back_slot(int slot) {
  if (slot >= 0) {
    slot_ready[slot] = false;
    slot_taken[slot] = false;
  }
}

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

}  // namespace

AtomicFile::AtomicFile(std::string path) : path_(std::move(path)) {
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
  temporary_ = path_ + ".XXXXXX";
  const int descriptor = ::mkostemp(temporary_.data(), O_CLOEXEC);
  if (descriptor < 0) {
    const int error_number = errno;
    temporary_.clear();
    fail(ErrorKind::cannot_create, path_, "cannot be created", error_number);
  }
  slot_ = take_slot(temporary_);
  // mkstemp makes files for the owner only; an output file follows the umask, or keeps the old
  // file's mode.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  ::fchmod(descriptor, status.st_mode != 0 ? (status.st_mode & 07777) : (0666 & ~mask));
  file_ = ::fdopen(descriptor, "wb");
  if (file_ == nullptr) {
    const int error_number = errno;
    ::close(descriptor);
    ::unlink(temporary_.c_str());
    give_back_slot(slot_);
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
  give_back_slot(slot_);
}

void AtomicFile::remove_unfinished() noexcept {
  for (int slot = 0; slot < kSlots; ++slot) {
    if (slot_ready[slot]) {
      ::unlink(slot_names[slot]);
    }
  }
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
  if (std::fflush(file_) != 0 || ::fsync(::fileno(file_)) != 0) {
    fail(ErrorKind::io, path_, "cannot be written", errno);
  }
  std::FILE* file = std::exchange(file_, nullptr);
  if (std::fclose(file) != 0) {
    fail(ErrorKind::io, path_, "cannot be written", errno);
  }
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    fail(ErrorKind::cannot_create, path_, "cannot be replaced", errno);
  }
  temporary_.clear();
  give_back_slot(std::exchange(slot_, -1));
  // The rename itself survives a power cut only once the folder is synced.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

}  // namespace balse
