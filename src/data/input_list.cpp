#include "balse/data/input_list.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "balse/support/error.hpp"

namespace balse {
namespace {

// What an editor keeps, and what is for people to read.
bool is_no_data(const std::string& name) {
  std::string upper;
  for (const char c : name.substr(0, 7)) {
    upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name.starts_with('.') || name.ends_with('~') || upper.starts_with("README") ||
         upper.starts_with("LICENSE");
}

std::vector<std::string> files_in(const std::string& folder) {
  constexpr int kDeepestFolder = 8;
  std::vector<std::string> files;
  std::error_code error;
  std::filesystem::recursive_directory_iterator entries(folder, error);
  for (; !error && entries != std::filesystem::recursive_directory_iterator();
       entries.increment(error)) {
    std::error_code unknown;
    const bool skipped = is_no_data(entries->path().filename().string());
    if (entries->is_directory(unknown)) {
      if (skipped || entries.depth() >= kDeepestFolder) {
        entries.disable_recursion_pending();
      }
    } else if (!skipped) {
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
