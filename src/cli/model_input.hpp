#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include <CLI/CLI.hpp>

#include "balse/model/model_file.hpp"

namespace balse::cli {

/// The options of every command that works with a model: --model, --tags for items that it has
/// never seen, and --user-features for such users.
class ModelInput {
 public:
  void declare(CLI::App& app);

  const std::string& model_path() const { return model_path_; }
  const std::string& tags_path() const { return tags_path_; }
  const std::string& user_features_path() const { return user_features_path_; }

  /// The result is valid as long as *this.
  const TrainedModel& open();
  const ModelFile& file() const { return *opened_.file; }

  /// Another file at the same path since the last call, opened; null where it is the same, or,
  /// which a warning says once, cannot be opened. The model before stays valid until the next one.
  const TrainedModel* newer();

 private:
  /// A model with what its tensors are not enough for.
  struct Opened {
    std::unique_ptr<ModelFile> file;
    NewItems new_items;
    NewUsers new_users;
  };
  /// Tells one file from another at the same path.
  struct Identity {
    std::uint64_t device = 0;
    std::uint64_t inode = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::int64_t bytes = 0;
    bool operator==(const Identity&) const = default;
  };

  Identity look_at_file() const;
  void open_into(Opened& opened) const;
  void take_tags(Opened& opened) const;
  void take_user_features(Opened& opened) const;

  std::string model_path_;
  std::string tags_path_;
  std::string user_features_path_;
  Opened opened_;
  Opened before_;
  Identity identity_;
};

}  // namespace balse::cli
