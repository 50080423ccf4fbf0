#pragma once

#include <string>
#include <vector>

namespace balse::cli {

/// A file and the option that names it; an empty path was not given.
struct NamedPath {
  std::string option;
  std::string path;
};

/// Throws Error(usage) where an output would replace an input or another output.
void check_paths(const std::vector<NamedPath>& inputs, const std::vector<NamedPath>& outputs);

/// The same for all names of a file: absolute, symbolic links followed.
std::string resolved_path(const std::string& path);

}  // namespace balse::cli
