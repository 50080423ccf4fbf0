#include "fit_inputs.hpp"

#include <spdlog/spdlog.h>

#include "balse/data/works_reader.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {

std::optional<ModelFile> open_warm_start(const std::string& path, int rank) {
  if (path.empty()) {
    return std::nullopt;
  }
  std::string why;
  try {
    std::optional<ModelFile> old(std::in_place, path);
    const std::size_t old_rank = old->model().parameters.als.items.rank;
    if (old_rank != static_cast<std::size_t>(rank)) {
      why = path + ": has rank " + std::to_string(old_rank) + ", and --als-rank is " +
            std::to_string(rank);
    } else {
      return old;
    }
  } catch (const Error& error) {
    if (error.kind() != ErrorKind::bad_data && error.kind() != ErrorKind::no_input) {
      throw;
    }
    why = error.what();
  }
  spdlog::warn("starting from scratch instead of --warm-start: {}", why);
  return std::nullopt;
}

FitInputs read_fit_inputs(const ReadingOptions& reading, const std::string& works_path) {
  FitInputs inputs;
  ReadRatingsSummary ratings_summary;
  inputs.ratings = reading.read_ratings(ratings_summary);
  inputs.scale = ratings_summary.scale;
  inputs.records.push_back({"ratings", reading.ratings_path(), ratings_summary.fingerprint});
  ReadTagsSummary tags_summary;
  inputs.tags = reading.read_tags(tags_summary);
  if (inputs.tags) {
    inputs.aligned = align_tags(*inputs.tags, inputs.ratings.items);
    inputs.records.push_back({"tags", reading.tags_path(), tags_summary.fingerprint});
    if (inputs.aligned->tag.empty()) {
      spdlog::warn(
          "{}: none of its items is rated, so LASSO knows only each user's mean; are the item ids "
          "the same?",
          reading.tags_path());
    }
  } else {
    spdlog::info("no --tags, so the model is ALS alone");
  }
  if (!works_path.empty()) {
    ReadWorksSummary works_summary;
    inputs.works = read_works(works_path, {}, works_summary);
    inputs.records.push_back({"works", works_path, works_summary.fingerprint});
  }
  return inputs;
}

}  // namespace balse::cli
