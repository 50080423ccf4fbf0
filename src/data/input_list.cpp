#include "balse/data/input_list.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "balse/support/error.hpp"

namespace balse {
namespace {

std::vector<std::string> files_in(const std::string& folder) {
  std::vector<std::string> files;
  std::error_code error;
  std::filesystem::directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::directory_iterator(); entries.increment(error)) {
    std::error_code unknown;
    if (!entries->path().filename().string().starts_with('.') && !entries->is_directory(unknown)) {
      files.push_back(entries->path().string());
    }
  }
  if (error) {
    throw Error(ErrorKind::no_input,
                {.file = folder, .found = "cannot be listed: " + error.message()});
  }
  if (files.empty()) {
    throw Error(ErrorKind::no_input,
                {.file = folder, .found = "is an empty folder", .hint = "a file, or a full one"});
  }
  std::sort(files.begin(), files.end());
  return files;
}

}  // namespace

std::vector<std::string> list_inputs(const std::vector<std::string>& paths) {
  std::vector<std::string> files;
  for (const std::string& path : paths) {
    std::error_code error;
    if (path != "-" && std::filesystem::is_directory(path, error)) {
      const std::vector<std::string> found = files_in(path);
      files.insert(files.end(), found.begin(), found.end());
    } else {
      files.push_back(path);
    }
  }
  return files;
}

}  // namespace balse
