#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model_history.hpp"
#include "output_lock.hpp"
#include "path_conflicts.hpp"

namespace CLI {
class App;
}

namespace balse::cli {

/// What balse fit writes, and the options that say where.
class FitOutputs {
 public:
  void declare(CLI::App& app);

  /// That nothing which is read or written is replaced by something else; before a file is touched.
  /// Throws Error. `start`, a model, may be the one that is replaced.
  void check(const std::vector<NamedPath>& inputs, const NamedPath& start) const;

  const std::string& model_path() const { return model_path_; }
  const std::string& report_path() const { return report_path_; }
  std::chrono::seconds lock_wait() const { return std::chrono::seconds(lock_wait_); }
  ModelHistory history() const;

  std::string lock_path() const;
  FileLock::Afterwards lock_afterwards() const {
    return lock_path_.empty() ? FileLock::Afterwards::remove : FileLock::Afterwards::keep;
  }

 private:
  std::string model_path_;
  std::string report_path_;
  std::string lock_path_;
  std::uint64_t lock_wait_ = 0;
  std::size_t keep_ = 0;
};

}  // namespace balse::cli
