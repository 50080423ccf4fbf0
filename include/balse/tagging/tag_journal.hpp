#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "balse/tagging/poster_list.hpp"
#include "balse/tagging/tag_rows.hpp"

namespace balse {

class UnfinishedFile;

/// A poster that has been tagged, and what with.
struct TaggedPoster {
  Poster poster;
  std::vector<TagWeight> tags;
};

/// Whether the file is the one that was tagged: the same size and time of last change, wherever it
/// has moved. Of standard input nobody knows.
bool is_unchanged(const Poster& before, const Poster& now);

/// What of a long run is done, kept beside its output as OUTPUT.partial, so that the next one need
/// not do it again when this one is killed: JSON lines, first the settings, then a poster each,
/// appended batch by batch. The last line of a killed run may be torn; then the poster is not done.
/// Throws Error: cannot_create, io.
class TagJournal {
 public:
  /// Opens the journal of `output`, which the caller must have locked, and reads what is done. A
  /// journal of other `settings` (weights, tags, threshold ...) is begun anew; its tags are below
  /// `tag_count`. Nobody names it, so whatever is no journal of this user's is left alone:
  /// Error(cannot_create). It can be read by whom the output can.
  TagJournal(const std::string& output, const std::string& settings, std::size_t tag_count);
  /// A journal in which nothing is done goes away.
  ~TagJournal();
  TagJournal(const TagJournal&) = delete;
  TagJournal& operator=(const TagJournal&) = delete;

  /// What was found of it at the beginning.
  const std::vector<TagWeight>* find(const Poster& poster) const;

  void add(const Poster& poster, const std::vector<TagWeight>& tags);
  /// Hands everything to the kernel, where it is safe from a kill.
  void flush();
  /// The run is complete, its result written. False, with errno, where the file stays.
  bool remove();

  const std::string& path() const { return path_; }

 private:
  void open(const std::string& output);
  void read(const std::string& settings, std::size_t tag_count);

  std::string path_;
  std::unique_ptr<UnfinishedFile> unfinished_;  // while nothing is done
  int descriptor_ = -1;
  bool empty_ = true;
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

/// Whether there is a file that begins as write_tagged_state() begins one.
bool is_tagged_state(const std::string& path);
/// Throws Error(cannot_create) where there is anything else, which must not be replaced.
void check_tagged_state(const std::string& path);

/// Nothing where there is no such file, or it is damaged: then everything is new.
std::optional<TaggedState> read_tagged_state(const std::string& path);
/// Replaces it atomically; it can be read by whom the `output` beside it can.
void write_tagged_state(const std::string& path, const TaggedState& state,
                        const std::string& output);

}  // namespace balse
