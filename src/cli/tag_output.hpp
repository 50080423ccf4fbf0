#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/tagging/tag_journal.hpp"
#include "balse/tagging/tag_list.hpp"
#include "balse/tagging/tag_posters.hpp"
#include "balse/tagging/tag_rows.hpp"

namespace balse::cli {

enum class TagFormat { csv, jsonl, npz, sidecar };
/// What becomes of a .txt file that is beside a poster already.
enum class SidecarExisting { skip, replace, append };

/// Where the tags of a run go. Told of each poster in order; finish() completes the output.
class TagOutput {
 public:
  virtual ~TagOutput() = default;
  TagOutput() = default;
  TagOutput(const TagOutput&) = delete;
  TagOutput& operator=(const TagOutput&) = delete;

  /// Those of `posters` that need the network; of the others the result is known already.
  virtual std::vector<Poster> plan(const std::vector<Poster>& posters) { return posters; }
  virtual void add(const Poster& poster, std::span<const float> probabilities) = 0;
  virtual void batch_done() {}
  virtual void finish() = 0;
  /// Of all posters tagged so far.
  std::size_t weights() const { return weights_; }

 protected:
  std::size_t weights_ = 0;
};

/// For standard output ("-"), a pipe or a device, row by row: csv or jsonl, or the `top` tags of
/// each category if not 0.
std::unique_ptr<TagOutput> make_streamed_output(const TagList& tags, const TagSelection& selection,
                                                const std::string& path, TagFormat format,
                                                std::size_t top, bool csv_safe);

struct TagFileOptions {
  std::string path;           ///< "-", a pipe or a device: written to at the end
  bool may_be_empty = false;  ///< where there are no posters, no rows are right
  TagFormat format = TagFormat::csv;
  bool csv_safe = false;    ///< see FieldStyle
  bool everything = false;  ///< nothing that was tagged before is taken as done
  bool update = false;      ///< the posters that `path` was made of are tagged only if they changed
  std::chrono::seconds lock_wait{};
  std::string settings;  ///< whatever else the result depends on
};

/// For a file, which appears at the end, whole; what is done is in a journal beside it meanwhile.
std::unique_ptr<TagOutput> make_file_output(const TagList& tags, const TagSelection& selection,
                                            const TagFileOptions& options);

/// A .txt file beside each poster, as those have who train image generators: its tags in one line
/// between commas, the most probable of a category first, underscores as spaces but in faces
/// (^_^), parentheses behind a backslash. Each appears whole. Those of posters that came from
/// standard input go nowhere: Error(usage), as where one would be a poster itself or one of
/// `taken`, the resolved paths of what the run reads and writes. One that cannot be written does
/// not stop the run; finish() throws what went wrong with the first.
std::unique_ptr<TagOutput> make_sidecar_output(const TagList& tags, const TagSelection& selection,
                                               SidecarExisting existing,
                                               const std::vector<std::string>& taken);

}  // namespace balse::cli
