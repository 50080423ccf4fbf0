#pragma once

#include <cstdint>
#include <string>

namespace balse {

/// A file that went into a result or a model.
struct InputRecord {
  std::string role;  ///< "ratings", "test", "tags", "folds"
  std::string path;
  std::string sha256;         ///< of the decompressed bytes
  std::uint64_t unrated = 0;  ///< rows of it that were left out as unrated
};

}  // namespace balse
