#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>

#include "balse/data/tags.hpp"
#include "balse/tagging/tag_journal.hpp"

namespace balse::cli {

/// A csv file of tags that an earlier run wrote, or somebody else, and what is known of how it was
/// made: the state beside it (.posters), if there is one.
class EarlierTags {
 public:
  /// No file is no tags. Says on standard error what it finds of other settings or of unknown
  /// origin. Throws Error(bad_data) where the file is no csv of tags.
  EarlierTags(const std::string& path, const std::string& settings);

  static std::string state_path(const std::string& path) { return path + ".posters"; }

  /// Whether the file has the tags of this very poster, made with the same settings. Of a file
  /// without a state only the time of its last change tells.
  bool is_known(const Poster& poster) const;

  /// Its items, in their order.
  std::size_t items() const { return tags_ ? tags_->items.size() : 0; }
  std::string item(std::uint32_t k) const { return std::string(tags_->items[k]); }
  bool has(const std::string& item) const { return tags_ && tags_->items.find(item); }
  /// Whether the rows of an item were made with other settings, so must not stay beside new ones.
  bool is_outdated(const std::string& item) const { return outdated_.contains(item); }
  void append_rows(std::string& out, std::uint32_t k) const;

  /// The posters that are still as they were when the file was made.
  const std::unordered_map<std::string, Poster>& posters() const { return state_.posters; }

 private:
  std::optional<Tags> tags_;
  TaggedState state_;
  std::unordered_set<std::string> outdated_;
  bool has_state_ = false;
  bool state_fits_ = false;  // the state is of the very file that is there
  std::int64_t time_ = 0;    // of the file's last change
};

}  // namespace balse::cli
