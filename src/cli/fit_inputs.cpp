#include "fit_inputs.hpp"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/evaluation/tag_ablation.hpp"
#include "balse/model/fitted_model.hpp"
#include "balse/support/error.hpp"

#include "features_input.hpp"
#include "path_conflicts.hpp"
#include "tags_input.hpp"
#include "works_input.hpp"

namespace balse::cli {

std::optional<ModelFile> open_warm_start(const std::string& path, const std::string& model,
                                         const BalseOptions& options) {
  if (path.empty()) {
    return std::nullopt;
  }
  std::error_code ignored;
  if (resolved_path(path) == resolved_path(model) && !std::filesystem::exists(path, ignored)) {
    spdlog::info("{}: no model yet, so there is no warm start", printable(path));
    return std::nullopt;
  }
  std::string why;
  try {
    std::optional<ModelFile> old(std::in_place, path);
    const std::string misfit = misfit_of(old->model(), options);
    if (misfit.empty()) {
      return old;
    }
    why = path + ": has " + misfit;
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_data && error.kind() != ErrorKind::no_input) {
      throw;
    }
    why = error.what();
  }
  spdlog::warn("starting from scratch instead of --warm-start: {}", why);
  return std::nullopt;
}

std::size_t FitInputs::component_count(const BlockOptions& options) const {
  return item_components ? std::min(item_components->count(), feature_components_of(options)) : 0;
}

FitInputs read_fit_inputs(const ReadingOptions& reading, const std::string& works_path,
                          const std::string& works_columns) {
  FitInputs inputs;
  inputs.ratings_path = reading.ratings_name();
  inputs.tags_path = reading.tags_path();
  inputs.works_path = works_path;
  ReadRatingsSummary ratings_summary;
  inputs.ratings = reading.read_ratings(ratings_summary);
  inputs.scale = ratings_summary.scale;
  inputs.records = ReadingOptions::rating_records(ratings_summary);
  inputs.rows.push_back({inputs.ratings_path, ratings_summary.rows, ratings_summary.bad_rows});
  ReadTagsSummary tags_summary;
  inputs.tags = reading.read_tags(tags_summary);
  if (inputs.tags) {
    inputs.aligned = align_tags(*inputs.tags, inputs.ratings.items);
    if (reading.max_tags() > 0) {
      keep_tags(tags_within(reading.max_tags(), *inputs.aligned), *inputs.tags);
      inputs.aligned = align_tags(*inputs.tags, inputs.ratings.items);
    }
    inputs.records.push_back({"tags", reading.tags_path(), tags_summary.fingerprint});
    inputs.rows.push_back({reading.tags_path(), tags_summary.rows, tags_summary.bad_rows});
  } else {
    spdlog::info("no --tags, so the model is ALS alone");
  }
  ReadTagsSummary features_summary;
  inputs.user_features = reading.read_user_features(features_summary);
  if (inputs.user_features) {
    const std::string& path = reading.user_features_path();
    inputs.aligned_users = align_tags(*inputs.user_features, inputs.ratings.users);
    warn_of_strangers(path, rows_with_tags(*inputs.aligned_users));
    inputs.records.push_back({"user_features", path, features_summary.fingerprint});
    inputs.rows.push_back({path, features_summary.rows, features_summary.bad_rows});
  }
  inputs.item_components =
      read_item_components(reading.features_path(), inputs.ratings.items, inputs.records);
  if (!works_path.empty()) {
    ReadWorksSummary works_summary;
    inputs.works =
        read_works_beside(works_path, works_columns, inputs.ratings.items, works_summary);
    inputs.records.push_back({"works", works_path, works_summary.fingerprint});
  } else if (ratings_summary.works.items.size() > 0) {
    inputs.works = std::move(ratings_summary.works);
  }
  return inputs;
}

}  // namespace balse::cli
