#include "score_input.hpp"

#include <algorithm>
#include <filesystem>

#include "balse/model/block_kind.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {

std::vector<ScoreFile> score_files(const std::vector<std::string>& options) {
  std::vector<ScoreFile> files;
  for (const std::string& option : options) {
    const std::size_t equals = option.find('=');
    if (equals == std::string::npos || equals == 0 || equals + 1 == option.size()) {
      throw Error(ErrorKind::usage,
                  {.found = "--score " + shorten(option), .expected = "NAME=FILE"});
    }
    ScoreFile file{
        .name = option.substr(0, equals), .path = option.substr(equals + 1), .column = ""};
    const std::size_t colon = file.path.rfind(':');
    if (colon != std::string::npos && !std::filesystem::exists(file.path)) {
      file.column = file.path.substr(colon + 1);
      file.path.resize(colon);
    }
    const bool again = std::any_of(files.begin(), files.end(),
                                   [&](const ScoreFile& other) { return other.name == file.name; });
    if (again || model_of(file.name)) {
      throw Error(ErrorKind::usage, {.found = "--score " + shorten(file.name) + " is the name of " +
                                              (again ? "two scores" : "a model of this program"),
                                     .expected = "a name of its own"});
    }
    files.push_back(std::move(file));
  }
  return files;
}

std::vector<NamedPath> score_paths(const std::vector<ScoreFile>& files) {
  std::vector<NamedPath> paths;
  paths.reserve(files.size());
  for (const ScoreFile& file : files) {
    paths.push_back({"--score", file.path});
  }
  return paths;
}

}  // namespace balse::cli
