#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>

namespace balse::test {

/// The folder of reference data that lies beside the repository, or where BALSE_SHARED says.
inline std::string shared_folder() {
  const char* folder = std::getenv("BALSE_SHARED");
  return folder != nullptr && *folder != '\0' ? folder : BALSE_SOURCE_DIR "/../shared";
}

/// shared_path("data/ml-100k/u.data")
inline std::string shared_path(const std::string& name) {
  return shared_folder() + '/' + name;
}

/// Whether the reference data is there; says loudly if not. tests/CMakeLists.txt knows these words.
inline bool has_shared_data() {
  if (std::filesystem::is_directory(shared_path("data"))) {
    return true;
  }
  std::cout << "SKIPPED: no reference data at " << shared_folder() << " (set BALSE_SHARED)\n"
            << std::flush;
  return false;
}

}  // namespace balse::test

/// First line of every parity test: leaves it where there is nothing to compare with.
#define BALSE_NEEDS_SHARED_DATA()          \
  do {                                     \
    if (!balse::test::has_shared_data()) { \
      return;                              \
    }                                      \
  } while (false)
