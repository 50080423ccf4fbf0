#include "path_conflicts.hpp"

#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/output_target.hpp"

namespace balse::cli {
namespace {

constexpr const char* kStandard = "-";

std::string number_of(const struct stat& status) {
  return "inode " + std::to_string(status.st_dev) + " " + std::to_string(status.st_ino);
}

/// A file that is open already: the file itself, if it is a regular one.
std::string identity_of(int descriptor) {
  struct stat status = {};
  return ::fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)
             ? number_of(status)
             : "descriptor " + std::to_string(descriptor);
}

bool is_null_device(const struct stat& status) {
  return S_ISCHR(status.st_mode) && status.st_rdev == ::makedev(1, 3);
}

/// The same text for all names of a file, whether it exists or not; empty for the null device,
/// which can be everything at once.
std::string identity(const std::string& path, bool is_output) {
  if (is_output && path == kStandard) {
    return identity_of(STDOUT_FILENO);
  }
  const OutputTarget target = output_target(path);
  if (target.kind == OutputTarget::Kind::descriptor) {
    return identity_of(target.descriptor);
  }
  struct stat status = {};
  if (::stat(target.path.c_str(), &status) == 0) {
    return is_null_device(status) ? "" : number_of(status);
  }
  return "path " + target.path;
}

std::string conflict(const NamedPath& output, const NamedPath& other) {
  const std::string verb = is_stream(output.path) ? " would be mixed with " : " would replace ";
  return output.option + verb +
         (other.path == kStandard ? other.option + " on standard output"
                                  : "the file that " + other.option + " names");
}

}  // namespace

std::string resolved_path(const std::string& path) {
  return output_target(path).path;
}

NamedPath result_path(const std::string& path) {
  return path.empty() ? NamedPath{"the result", kStandard} : NamedPath{"--output", path};
}

bool is_stream(const std::string& path) {
  const OutputTarget::Kind kind =
      path == kStandard ? OutputTarget::Kind::descriptor : output_target(path).kind;
  return kind == OutputTarget::Kind::descriptor || kind == OutputTarget::Kind::stream;
}

void check_is_file(const NamedPath& output) {
  if (output.path == kStandard) {
    throw Error(ErrorKind::usage, {.found = output.option + " - is standard output, which cannot "
                                                            "be replaced whole nor read again",
                                   .expected = "the name of a file"});
  }
  if (is_stream(output.path)) {
    throw Error(ErrorKind::cannot_create,
                {.file = output.path,
                 .found = "is not a regular file, so it cannot be replaced whole nor read again",
                 .expected = "the name of a file"});
  }
}

void check_paths(const std::vector<NamedPath>& inputs, const std::vector<NamedPath>& outputs) {
  const NamedPath* standard_input = nullptr;
  for (const NamedPath& input : inputs) {
    if (input.path == kStandard) {
      if (standard_input != nullptr) {
        throw Error(ErrorKind::usage, {.found = "standard input is named twice, by " +
                                                standard_input->option + " and by " + input.option,
                                       .hint = "a file for one of them"});
      }
      standard_input = &input;
    }
  }
  std::vector<std::pair<NamedPath, std::string>> taken;  // with their identities
  for (const NamedPath& input : inputs) {
    if (!input.path.empty() && input.path != kStandard) {
      taken.emplace_back(input, identity(input.path, false));
    }
  }
  for (const NamedPath& output : outputs) {
    if (output.path.empty()) {
      continue;
    }
    const std::string own = identity(output.path, true);
    for (const auto& [other, others] : taken) {
      if (!own.empty() && others == own) {
        throw Error(ErrorKind::usage,
                    {.file = output.path == kStandard ? "standard output" : output.path,
                     .found = conflict(output, other),
                     .hint = "another name"});
      }
    }
    taken.emplace_back(output, own);
  }
}

}  // namespace balse::cli
