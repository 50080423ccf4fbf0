#pragma once

#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "balse/model/model_file.hpp"

namespace balse::cli {

/// The options of every command that works with a model: --model, and --tags for items that it has
/// never seen.
class ModelInput {
 public:
  void declare(CLI::App& app);

  const std::string& model_path() const { return model_path_; }
  const std::string& tags_path() const { return tags_path_; }

  /// The result is valid as long as *this.
  const TrainedModel& open();
  const ModelFile& file() const { return *file_; }

 private:
  std::string model_path_;
  std::string tags_path_;
  std::unique_ptr<ModelFile> file_;
  NewItems new_items_;
};

}  // namespace balse::cli
