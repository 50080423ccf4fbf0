#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/tagging/imaging.hpp"
#include "balse/tagging/tag_posters.hpp"

#include "choices.hpp"
#include "csv_safe.hpp"
#include "path_conflicts.hpp"
#include "tag_output.hpp"
#include "tagger_options.hpp"

namespace balse::cli {

/// What `balse tag` can be told.
struct TagCommandOptions {
  void declare(CLI::App& app);
  /// Throws Error(usage) for what does not go together; `config` is the file of settings.
  void check(const NamedPath& config) const;
  /// All files that a run writes, with what names them.
  std::vector<NamedPath> outputs() const;
  bool is_csv_safe() const;
  /// What of the tagger's outputs is wanted: its own thresholds, unless --threshold says others.
  TagSelection selection(const Tagger& opened) const;
  /// What a selection depends on, in one line.
  std::string selection_text(const TagSelection& selection) const;
  /// Leaves out the posters of other shards, and what is wrong with those.
  void keep_shard(PosterList& list) const;
  /// All files that a run reads, with what names them.
  std::vector<NamedPath> inputs(const NamedPath& config) const;

  TaggerOptions tagger;
  std::vector<std::string> posters;  ///< images, folders, -
  std::string list_path;
  std::string output_path;
  std::string update_path;
  std::string failures_path;
  std::string convert_path;
  std::string verify_path;
  double tolerance = 0.01;
  std::string threshold;  ///< empty: the tagger's own
  std::size_t top = 0;
  std::size_t batch = TagPostersOptions{}.batch;
  std::uint64_t max_pixels = kMaxPixels;
  std::uint64_t lock_wait = 0;
  bool strict = false;
  bool allow_truncated = false;
  CsvSafe csv_safe;
  std::string category;               ///< names between commas, or all; empty: see --category
  std::vector<std::string> excluded;  ///< names, or @FILE
  std::string shard;                  ///< "2/8"; empty: all
  std::string embedding_path;
  Choice<TagFormat> format{{"csv", TagFormat::csv},
                           {"jsonl", TagFormat::jsonl},
                           {"npz", TagFormat::npz},
                           {"sidecar", TagFormat::sidecar}};
  Choice<SidecarExisting> sidecars{{"skip", SidecarExisting::skip},
                                   {"replace", SidecarExisting::replace},
                                   {"append", SidecarExisting::append}};

 private:
  std::vector<TagCategory> categories(const std::vector<TagCategory>& with_threshold) const;
  std::vector<std::string> excluded_names() const;
  void check_shard() const;
};

}  // namespace balse::cli
