#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/model/fold_in.hpp"
#include "balse/model/model_file.hpp"

#include "path_conflicts.hpp"

namespace balse::cli {

/// The options of commands that take in ratings of users who are new to a model, or have rated more
/// since it was fitted.
class RatingsInput {
 public:
  void declare(CLI::App& app);

  bool given() const { return !paths_.empty(); }
  /// All that is read, and must not be overwritten.
  std::vector<NamedPath> paths() const;
  /// Those that can change: standard input is none of them.
  std::vector<std::string> files() const;

  /// Says on stderr what it read and took in. The result must outlive the model's use.
  FoldedUsers fold_into(ModelFile& file, int threads) const;

 private:
  std::vector<std::string> paths_;
  std::string columns_;
  std::string scale_;
  std::string unrated_ = "auto";
};

}  // namespace balse::cli
