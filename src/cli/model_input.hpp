#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/model/model_file.hpp"

#include "path_conflicts.hpp"
#include "ratings_input.hpp"

namespace balse::cli {

/// The options of every command that works with a model: --model, --tags for items that it has
/// never seen, --ratings for users, and --user-features for users who have rated nothing.
class ModelInput {
 public:
  void declare(CLI::App& app);

  const std::string& model_path() const { return model_path_; }
  const std::string& tags_path() const { return tags_path_; }
  /// All that is read, and must not be overwritten.
  std::vector<NamedPath> paths() const;

  /// The result is valid as long as *this.
  const TrainedModel& open(int threads = 0);
  /// Throws Error(usage) where newer() could not read everything again.
  void check_watchable() const;
  const ModelFile& file() const { return *opened_.file; }

  /// Gives the model that is open more tags of items that came after it, as --tags does; `source`
  /// is what they are from, for the message where the model was trained without tags.
  const NewItems& add_tags(const Tags& tags, const std::string& source);

  /// Another file at the path of model or ratings since the last call, opened; null where all are
  /// the same, or,
  /// which a warning says once, cannot be opened. The model before stays valid until the next one.
  const TrainedModel* newer();
  /// The same of whatever is at the paths now, and of --tags, be they the same files.
  const TrainedModel* reopened();

 private:
  /// A model with what its tensors are not enough for.
  struct Opened {
    std::unique_ptr<ModelFile> file;
    std::vector<NewItems> new_items;
    FoldedUsers folded_users;
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

  static Identity look_at(const std::string& path);
  /// Of the model, then of the ratings' files; empty where one is missing.
  std::vector<Identity> look_at_files() const;
  const TrainedModel* replace(std::vector<Identity> now);
  void open_into(Opened& opened) const;
  void read_new_tags(Opened& opened) const;
  static const NewItems& add_to(Opened& opened, const Tags& tags);
  void require_tags(const TrainedModel& model, const std::string& source) const;
  void take_user_features(Opened& opened) const;

  std::string model_path_;
  std::string tags_path_;
  std::string user_features_path_;
  Opened opened_;
  Opened before_;
  std::vector<Identity> identities_;
  RatingsInput ratings_;
  int threads_ = 0;
};

}  // namespace balse::cli
