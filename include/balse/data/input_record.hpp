#pragma once

#include <string>

namespace balse {

/// A file that went into a result or a model.
struct InputRecord {
  std::string role;  ///< "ratings", "tags", "folds"
  std::string path;
  std::string sha256;  ///< of the decompressed bytes
};

}  // namespace balse
