#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_rows.hpp"

namespace balse {

/// A poster that has been tagged, and what with.
struct TaggedPoster {
  Poster poster;
  std::vector<TagWeight> tags;
};

/// Whether the file is the one that was tagged: the same size and time of last change, wherever it
/// has moved. Of standard input nobody knows.
bool is_unchanged(const Poster& before, const Poster& now);

/// What of a long run is done, so that the next one need not do it again when this one is killed:
/// JSON lines, first the settings, then a poster each, appended batch by batch. The last line of a
/// killed run may be torn; then the poster is not done. Throws Error: cannot_create, io.
class TagJournal {
 public:
  /// Opens `path`, which the caller must have locked, and reads what is done. A journal of other
  /// `settings` (weights, tags, threshold ...) is begun anew; its tags are below `tag_count`.
  TagJournal(std::string path, const std::string& settings, std::size_t tag_count);
  ~TagJournal();
  TagJournal(const TagJournal&) = delete;
  TagJournal& operator=(const TagJournal&) = delete;

  /// What was found of it at the beginning.
  const std::vector<TagWeight>* find(const Poster& poster) const;

  void add(const Poster& poster, const std::vector<TagWeight>& tags);
  /// Hands everything to the kernel, where it is safe from a kill.
  void flush();
  /// The run is complete, its result written.
  void remove();

 private:
  void read(const std::string& settings, std::size_t tag_count);

  std::string path_;
  int descriptor_ = -1;
  std::string pending_;
  std::unordered_map<std::string, TaggedPoster> done_;  // by item
};

/// Which posters a tag file was made of, kept beside it between nightly runs: JSON lines, first the
/// settings, then a poster each.
struct TaggedState {
  std::string settings;
  std::string file;  ///< text_fingerprint() of the tag file; of any other it says little
  std::unordered_map<std::string, Poster> posters;  ///< by item
};

/// Nothing where there is no such file, or it is damaged: then everything is new.
std::optional<TaggedState> read_tagged_state(const std::string& path);
/// Replaces it atomically.
void write_tagged_state(const std::string& path, const TaggedState& state);

}  // namespace balse
