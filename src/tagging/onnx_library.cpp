// Where ONNX Runtime is.

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include "balse/support/error.hpp"
#include "balse/support/module.hpp"
#include "balse/tagging/onnx_runtime.hpp"

namespace balse {
namespace {

namespace fs = std::filesystem;

constexpr const char* kVariable = "BALSE_ONNXRUNTIME";
constexpr const char* kWhereFrom =
    "scripts/install_onnxruntime.sh, which fetches it from npm's registry, or --onnxruntime PATH "
    "where you have it (npm's onnxruntime-node, pip's onnxruntime and Microsoft's archives hold "
    "it)";

/// The numbers behind libonnxruntime.so; nothing where it has another name.
std::optional<std::vector<int>> version_of(std::string_view name) {
  constexpr std::string_view kName = "libonnxruntime.so";
  if (!name.starts_with(kName)) {
    return std::nullopt;
  }
  name.remove_prefix(kName.size());
  std::vector<int> version;
  while (!name.empty()) {
    int number = 0;
    const auto [stop, error] = std::from_chars(name.data() + 1, name.data() + name.size(), number);
    if (name.front() != '.' || error != std::errc()) {
      return std::nullopt;
    }
    version.push_back(number);
    name.remove_prefix(static_cast<std::size_t>(stop - name.data()));
  }
  return version;
}

/// The library in a folder; of several the one of the latest version.
fs::path in_folder(const fs::path& folder) {
  std::error_code ignored;
  fs::path found;
  std::vector<int> latest;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const auto version = version_of(entry.path().filename().string());
    if (version && entry.is_regular_file(ignored) && (found.empty() || *version > latest)) {
      found = entry.path();
      latest = *version;
    }
  }
  return found;
}

/// The folders that a pattern with * for parts of names means, the last by name first.
std::vector<fs::path> folders(const std::string& pattern) {
  std::vector<fs::path> found = {"/"};
  for (const fs::path& part : fs::path(pattern).relative_path()) {
    const std::string name = part.string();
    const std::size_t star = name.find('*');
    std::vector<fs::path> next;
    for (const fs::path& folder : found) {
      if (star == std::string::npos) {
        next.push_back(folder / name);
        continue;
      }
      std::error_code ignored;
      for (const auto& entry : fs::directory_iterator(folder, ignored)) {
        const std::string other = entry.path().filename().string();
        if (other.starts_with(name.substr(0, star)) && other.ends_with(name.substr(star + 1))) {
          next.push_back(entry.path());
        }
      }
    }
    found = std::move(next);
  }
  std::sort(found.rbegin(), found.rend());
  return found;
}

/// What somebody named: the file, or the folder that it is in.
fs::path named(const std::string& path, const std::string& by) {
  std::error_code ignored;
  fs::path library = fs::is_directory(path, ignored) ? in_folder(path) : fs::path(path);
  if (library.empty() || !fs::is_regular_file(library, ignored)) {
    throw Error(ErrorKind::no_input, {.file = path,
                                      .found = "no ONNX Runtime, which " + by + " says is here",
                                      .expected = "libonnxruntime.so, or the folder that it is in",
                                      .hint = kWhereFrom});
  }
  return fs::absolute(library);
}

#if defined(__aarch64__)
constexpr const char* kNpmMachine = "arm64";
#else
constexpr const char* kNpmMachine = "x64";
#endif

}  // namespace

std::string find_onnxruntime(const std::string& chosen) {
  if (!chosen.empty()) {
    return named(chosen, "--onnxruntime").string();
  }
  const char* const variable = std::getenv(kVariable);  // NOLINT(concurrency-mt-unsafe)
  if (variable != nullptr && *variable != '\0') {
    return named(variable, kVariable).string();
  }
  std::vector<std::string> patterns;
  if (const std::string own = module_folder(); !own.empty()) {
    patterns.push_back(own);
  }
  for (const char* const folder :
       {"/usr/local/lib", "/usr/lib/*-linux-gnu", "/usr/lib", "/usr/lib64", "/opt/onnxruntime*/lib",
        "/usr/local/onnxruntime*/lib"}) {
    patterns.emplace_back(folder);
  }
  const char* const home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  const std::string npm =
      std::string("node_modules/onnxruntime-node/bin/napi-v*/linux/") + kNpmMachine;
  const std::string pip = "lib/python3*/site-packages/onnxruntime/capi";
  for (const std::string& prefix : {std::string("/usr/local/lib/"), std::string("/usr/lib/")}) {
    patterns.push_back(prefix + npm);
  }
  for (const char* const pip_folder : {"/usr/local/lib/python3*/dist-packages/onnxruntime/capi",
                                       "/usr/lib/python3/dist-packages/onnxruntime/capi"}) {
    patterns.emplace_back(pip_folder);
  }
  if (home != nullptr && *home == '/') {
    patterns.push_back(std::string(home) + "/" + npm);
    patterns.push_back(std::string(home) + "/.local/" + pip);
    patterns.push_back(std::string(home) + "/.local/lib");
  }
  for (const std::string& pattern : patterns) {
    for (const fs::path& folder : folders(pattern)) {
      if (const fs::path found = in_folder(folder); !found.empty()) {
        return found.string();
      }
    }
  }
  throw Error(ErrorKind::no_input,
              {.found = "there is no ONNX Runtime (libonnxruntime.so), which runs .onnx models",
               .hint = kWhereFrom});
}

}  // namespace balse
