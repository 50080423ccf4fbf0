#include "balse/support/output_target.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <linux/magic.h>
#include <memory>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <climits>

#include "balse/support/error.hpp"

namespace balse {
namespace {

using Kind = OutputTarget::Kind;

/// Absolute, without links; empty where there is no such folder.
std::string canonical(const std::string& folder) {
  const std::unique_ptr<char, void (*)(void*)> real(::realpath(folder.c_str(), nullptr), std::free);
  return real ? real.get() : "";
}

bool is_in_proc(const std::string& folder) {
  struct statfs system = {};
  return ::statfs(folder.c_str(), &system) == 0 && system.f_type == PROC_SUPER_MAGIC;
}

OutputTarget by_type(const std::string& path, mode_t mode) {
  switch (mode & S_IFMT) {
    case S_IFREG:
      return {.path = path, .kind = Kind::file};
    case S_IFCHR:
    case S_IFIFO:
      return {.path = path, .kind = Kind::stream};
    case S_IFDIR:
      return {.path = path, .kind = Kind::refused, .problem = "is a folder"};
    case S_IFBLK:
      return {.path = path, .kind = Kind::refused, .problem = "is a disk"};
    default:
      return {.path = path, .kind = Kind::refused, .problem = "is a socket of its own name"};
  }
}

/// Links there are no text: they lead to open files, which may have no name any more.
OutputTarget in_proc(const std::string& folder, const std::string& name) {
  const std::string path = folder + "/" + name;
  if (folder == canonical("/proc/self/fd") || folder == canonical("/proc/thread-self/fd")) {
    int number = -1;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
    if (error == std::errc() && end == name.data() + name.size()) {
      return {.path = path, .kind = Kind::descriptor, .descriptor = number};
    }
  }
  struct stat status = {};
  if (::stat(path.c_str(), &status) == 0 && (S_ISDIR(status.st_mode) || S_ISBLK(status.st_mode))) {
    return by_type(path, status.st_mode);
  }
  return {.path = path, .kind = Kind::stream};
}

/// The kernel's own rule (fs.protected_symlinks): in a folder where everybody may put links, those
/// of others may be traps.
bool may_be_trap(const std::string& folder, const struct stat& link) {
  struct stat status = {};
  constexpr mode_t kEverybodys = S_ISVTX | S_IWOTH;
  return ::stat(folder.c_str(), &status) == 0 && (status.st_mode & kEverybodys) == kEverybodys &&
         link.st_uid != ::geteuid() && link.st_uid != status.st_uid;
}

/// Empty where it cannot be read.
std::string text_of_link(const std::string& link) {
  char text[PATH_MAX];
  const ssize_t size = ::readlink(link.c_str(), text, sizeof text);
  return {text, size > 0 ? static_cast<std::size_t>(size) : 0};
}

}  // namespace

OutputTarget output_target(const std::string& path) {
  constexpr int kLinks = 40;  // as many as the kernel follows
  std::string at = path;
  for (int links = 0; links <= kLinks; ++links) {
    const std::size_t slash = at.rfind('/');
    const std::string name = slash == std::string::npos ? at : at.substr(slash + 1);
    std::string folder = canonical(slash == std::string::npos ? "." : at.substr(0, slash + 1));
    if (folder.empty() || at.empty()) {
      return {.path = at, .kind = Kind::file};
    }
    if (name.empty() || name == "." || name == "..") {
      return {.path = at, .kind = Kind::refused, .problem = "is a folder"};
    }
    if (is_in_proc(folder)) {
      return in_proc(folder, name);
    }
    folder += folder == "/" ? "" : "/";
    const std::string here = folder + name;
    struct stat status = {};
    if (::lstat(here.c_str(), &status) != 0) {
      return {.path = here, .kind = Kind::file};
    }
    if (!S_ISLNK(status.st_mode)) {
      return by_type(here, status.st_mode);
    }
    if (may_be_trap(folder, status)) {
      return {.path = here,
              .kind = Kind::refused,
              .problem = "is another user's symbolic link in a folder where everybody writes"};
    }
    const std::string text = text_of_link(here);
    at = text.starts_with('/') ? text : folder + text;
  }
  return {.path = path, .kind = Kind::refused, .problem = system_message(ELOOP)};
}

}  // namespace balse
