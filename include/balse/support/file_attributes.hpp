#pragma once

#include <string>
#include <sys/stat.h>

namespace balse {

/// The permissions of a new file, as the umask has them. The umask can only be read by setting it:
/// to be called once before there are other threads that could see that.
mode_t mode_of_new_files();

/// Group, permissions and access control list of another file, which lies at `path`, without its
/// set-id and sticky bits. Where the group is not to be had, nobody may read or write who could not
/// before.
void take_permissions(int descriptor, const struct stat& from, const std::string& path);

/// And its owner, as far as this process may give files away.
void take_owner(int descriptor, const struct stat& from);

}  // namespace balse
