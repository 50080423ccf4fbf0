#include "balse/support/file_attributes.hpp"

#include <sys/xattr.h>
#include <unistd.h>

namespace balse {
namespace {

constexpr mode_t kPermissions = 0777;
constexpr int kGroupShift = 3;

/// For all but the owner no more than both a group and all others had.
mode_t narrowed(mode_t mode) {
  const mode_t both = (mode >> kGroupShift) & mode & S_IRWXO;
  return (mode & S_IRWXU) | (both << kGroupShift) | both;
}

}  // namespace

mode_t mode_of_new_files() {
  static const mode_t kMask = [] {
    const mode_t mask = ::umask(0);
    ::umask(mask);
    return mask;
  }();
  return 0666 & ~kMask;
}

void take_permissions(int descriptor, const struct stat& from, const std::string& path) {
  struct stat now = {};
  mode_t mode = from.st_mode & kPermissions;
  if (::fstat(descriptor, &now) == 0 && now.st_gid != from.st_gid &&
      ::fchown(descriptor, static_cast<uid_t>(-1), from.st_gid) != 0) {
    mode = narrowed(mode);  // ours is another group, and theirs is now among all others
  }
  ::fchmod(descriptor, mode);
  // With a list, the permissions of the group are what the list allows at most.
  constexpr const char* kList = "system.posix_acl_access";
  char list[1 << 16];  // the longest there is
  const ssize_t size = ::lgetxattr(path.c_str(), kList, list, sizeof list);
  if (size > 0 && ::fsetxattr(descriptor, kList, list, static_cast<std::size_t>(size), 0) != 0) {
    ::fchmod(descriptor, narrowed(mode));
  }
}

void take_owner(int descriptor, const struct stat& from) {
  struct stat now = {};
  if (::fstat(descriptor, &now) == 0 && now.st_uid != from.st_uid) {
    [[maybe_unused]] const int refused =
        ::fchown(descriptor, from.st_uid, static_cast<gid_t>(-1));  // only root may
  }
}

}  // namespace balse
