#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/data/works_reader.hpp"
#include "balse/model/fit_record.hpp"
#include "balse/model/item_components.hpp"
#include "balse/model/model_file.hpp"

#include "reading_options.hpp"

namespace balse::cli {

/// What balse fit trains on.
struct FitInputs {
  /// Of a file, how many could be read: see --skip-bad-rows.
  struct Rows {
    std::string path;
    std::uint64_t all = 0;
    std::uint64_t bad = 0;
  };

  Ratings ratings;
  std::optional<Tags> tags;
  std::optional<TagMatrix> aligned;  ///< a row per rated item
  std::optional<Tags> user_features;
  std::optional<TagMatrix> aligned_users;  ///< a row per user
  std::optional<ItemComponents> item_components;
  std::optional<FeatureMatrix> item_features;  ///< a row per rated item
  std::optional<Works> works;
  RatingScale scale = RatingScale::numeric();
  std::vector<InputRecord> records;  ///< for the manifest
  std::string ratings_path;
  std::string tags_path;
  std::string works_path;
  std::vector<Rows> rows;  ///< of ratings, tags and user features

  SideInformation side() const {
    return {aligned ? &*aligned : nullptr, aligned_users ? &*aligned_users : nullptr,
            item_features ? &*item_features : nullptr};
  }
  /// As many components of items' features as blocks are told to take; 0 where there are none.
  std::size_t component_count(const BlockOptions& options) const;
};

/// Throws Error.
FitInputs read_fit_inputs(const ReadingOptions& reading, const std::string& works_path,
                          const std::string& works_columns);

/// Yesterday's model, or nothing, which a warning tells of unless `path` is empty, or is that of
/// the `model` that this first night will write: a nightly run must not fail for ever because of
/// what it could do without, as a model that is damaged.
std::optional<ModelFile> open_warm_start(const std::string& path, const std::string& model,
                                         const BalseOptions& options);

}  // namespace balse::cli
