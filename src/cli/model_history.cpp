#include "model_history.hpp"

#include <cerrno>
#include <cstdio>
#include <sys/stat.h>
#include <unistd.h>

#include "balse/support/atomic_file.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/support/system_calls.hpp"

namespace balse::cli {
namespace {

bool is_there(const std::string& path) {
  struct stat status = {};
  return ::lstat(path.c_str(), &status) == 0;
}

void copy_file(const std::string& from, const std::string& to) {
  const MappedFile file(from);
  AtomicFile copy(to, {.beside = from});
  copy.write({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()});
  copy.commit();
}

}  // namespace

std::vector<NamedPath> ModelHistory::paths() const {
  std::vector<NamedPath> paths;
  for (std::size_t number = 1; number <= keep_; ++number) {
    paths.push_back({"an earlier model of --keep", path_of(number)});
  }
  return paths;
}

void ModelHistory::check() const {
  for (const NamedPath& earlier : paths()) {
    struct stat status = {};
    if (::lstat(earlier.path.c_str(), &status) == 0 && !S_ISREG(status.st_mode)) {
      throw Error(ErrorKind::cannot_create,
                  {.file = earlier.path,
                   .found = "is no regular file, so --keep cannot put an earlier model there",
                   .hint = "moving it away"});
    }
  }
}

/// Whether MODEL.1 is the present model already: a run was stopped between keeping and replacing.
bool ModelHistory::is_kept() const {
  struct stat present = {};
  struct stat newest = {};
  return ::stat(model_.c_str(), &present) == 0 && ::lstat(path_of(1).c_str(), &newest) == 0 &&
         present.st_ino == newest.st_ino && present.st_dev == newest.st_dev;
}

// Up to the first number that is free: after mv MODEL.1 MODEL the others stay where they are.
void ModelHistory::make_room() const {
  std::size_t free = 1;
  while (free < keep_ && is_there(path_of(free))) {
    ++free;
  }
  for (std::size_t number = free; number > 1; --number) {
    const std::string from = path_of(number - 1);
    if (uninterrupted([&] { return ::rename(from.c_str(), path_of(number).c_str()); }) != 0) {
      throw Error(ErrorKind::cannot_create,
                  {.file = from, .found = "cannot be renamed: " + system_message(errno)});
    }
  }
  // With --keep 1 there is nowhere to move it.
  if (uninterrupted([&] { return ::unlink(path_of(1).c_str()); }) != 0 && errno != ENOENT) {
    throw Error(ErrorKind::cannot_create,
                {.file = path_of(1), .found = "cannot be removed: " + system_message(errno)});
  }
}

void ModelHistory::keep_present() const {
  if (keep_ == 0 || !is_there(model_) || is_kept()) {
    return;
  }
  make_room();
  // Not every file system has links, nor may everybody link to another user's file.
  if (uninterrupted([&] { return ::link(model_.c_str(), path_of(1).c_str()); }) != 0) {
    copy_file(model_, path_of(1));
  }
}

}  // namespace balse::cli
