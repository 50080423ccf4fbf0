#pragma once

#include <optional>
#include <string>
#include <vector>

#include "balse/model/model_file.hpp"

#include "share.hpp"

namespace CLI {
class App;
}

namespace balse::cli {

struct FitInputs;

/// How much worse than the model that it replaces a new one may be, as the user says.
class ReplacementOptions {
 public:
  void declare(CLI::App& app);

  double max_shrink() const { return max_shrink_.value(); }
  double max_worse() const { return max_worse_.value(); }
  double max_bad_rows() const { return max_bad_rows_.value(); }
  bool force() const { return force_; }

 private:
  ShareOption max_shrink_{"20%"};
  ShareOption max_worse_{"5%"};
  ShareOption max_bad_rows_{"1%"};
  bool force_ = false;
};

/// Keeps an accident of the night, half a file or the tags of another site, from replacing a good
/// model: what is suspicious is an error, or with --force a warning.
class ReplacementGuard {
 public:
  /// Opens the model that is at `path` now. One that is none, or damaged, is not compared with,
  /// which check_training() warns of.
  ReplacementGuard(const ReplacementOptions& options, const std::string& path);

  /// Before an hour of training. Throws Error(bad_data).
  void check_inputs(const FitInputs& inputs);

  /// Of a model that is trained, but not yet written; `manifest` as render_manifest() makes it.
  /// Throws Error(bad_data).
  void check_training(const std::string& manifest) const;

 private:
  void judge(const std::vector<std::string>& findings) const;

  const ReplacementOptions& options_;
  std::string path_;
  std::optional<ModelFile> old_;  ///< until the inputs are compared with it
  std::string old_manifest_;
  bool was_there_ = false;
  std::string not_compared_;  ///< why; empty where there was nothing to compare with
  bool has_same_range_ = false;
};

}  // namespace balse::cli
