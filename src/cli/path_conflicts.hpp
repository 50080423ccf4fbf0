#pragma once

#include <string>
#include <vector>

namespace balse::cli {

/// A file and the option that names it; an empty path was not given.
struct NamedPath {
  std::string option;
  std::string path;
};

/// Throws Error(usage) where an output would replace an input or another output, or would be mixed
/// with it: two names of one file, which need not exist yet, or standard output ("-") twice.
void check_paths(const std::vector<NamedPath>& inputs, const std::vector<NamedPath>& outputs);

/// What --output names, or standard output if nothing.
NamedPath result_path(const std::string& path);

/// Throws Error where the output is nothing that can be replaced whole and read again: standard
/// output (usage), a device, a pipe (cannot_create).
void check_is_file(const NamedPath& output);

/// Whether an output is written as it comes: standard output, a device, a pipe.
bool is_stream(const std::string& path);

/// The same for all names of a file: absolute, symbolic links followed.
std::string resolved_path(const std::string& path);

}  // namespace balse::cli
