#include "path_conflicts.hpp"

#include <filesystem>
#include <system_error>

#include "balse/support/error.hpp"

namespace balse::cli {
namespace {

bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  if (std::filesystem::equivalent(a, b, error)) {
    return true;
  }
  return resolved_path(a) == resolved_path(b);
}

}  // namespace

std::string resolved_path(const std::string& path) {
  std::error_code error;
  const auto resolved = std::filesystem::weakly_canonical(path, error);
  return error ? path : resolved.string();
}

void check_paths(const std::vector<NamedPath>& inputs, const std::vector<NamedPath>& outputs) {
  const NamedPath* standard_input = nullptr;
  for (const NamedPath& input : inputs) {
    if (input.path == "-") {
      if (standard_input != nullptr) {
        throw Error(ErrorKind::usage, {.found = "standard input is named twice, by " +
                                                standard_input->option + " and by " + input.option,
                                       .hint = "a file for one of them"});
      }
      standard_input = &input;
    }
  }
  std::vector<NamedPath> taken = inputs;
  for (const NamedPath& output : outputs) {
    if (output.path.empty()) {
      continue;
    }
    for (const NamedPath& other : taken) {
      if (!other.path.empty() && other.path != "-" && same_file(other.path, output.path)) {
        throw Error(ErrorKind::usage, {.file = output.path,
                                       .found = output.option + " would replace the file that " +
                                                other.option + " names",
                                       .hint = "another name"});
      }
    }
    taken.push_back(output);
  }
}

}  // namespace balse::cli
