#pragma once

#include <map>
#include <string>

#include "balse/data/safetensors.hpp"
#include "balse/model/training.hpp"

namespace balse {

class AtomicFile;

/// Writes what train() found as a safetensors file with this metadata: to go on with later, on the
/// same ratings. No model file: who is who is not in it.
void write_training(AtomicFile& file, const Training& training,
                    const std::map<std::string, std::string>& metadata);

/// Such a file, mapped.
class StoredTraining {
 public:
  /// Throws Error(bad_data) where it is damaged.
  explicit StoredTraining(const std::string& path);

  /// Empty where it has no such key.
  std::string metadata(const std::string& key) const;
  /// The same numbers; uses the file's memory. Throws Error(bad_data) where they do not fit.
  Training training(const Extents& extents) const;

 private:
  SafetensorsReader file_;
};

}  // namespace balse
