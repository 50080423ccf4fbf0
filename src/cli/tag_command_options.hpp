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
  TagSelection selection() const;

  TaggerOptions tagger;
  std::vector<std::string> posters;  ///< images, folders, -
  std::string list_path;
  std::string output_path;
  std::string update_path;
  std::string failures_path;
  std::string convert_path;
  std::string verify_path;
  double tolerance = 0.01;
  double threshold = 0.1;
  std::size_t top = 0;
  std::size_t batch = TagPostersOptions{}.batch;
  std::uint64_t max_pixels = kMaxPixels;
  std::uint64_t lock_wait = 0;
  bool strict = false;
  CsvSafe csv_safe;
  Choice<std::optional<TagCategory>> category{{"general", TagCategory::general},
                                              {"character", TagCategory::character},
                                              {"copyright", TagCategory::copyright},
                                              {"rating", TagCategory::rating},
                                              {"all", std::nullopt}};
  Choice<TagFormat> format{
      {"csv", TagFormat::csv}, {"jsonl", TagFormat::jsonl}, {"npz", TagFormat::npz}};
};

}  // namespace balse::cli
