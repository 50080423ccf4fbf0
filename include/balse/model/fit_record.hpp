#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/input_record.hpp"
#include "balse/model/neighbours.hpp"
#include "balse/model/training.hpp"

namespace balse {

/// What a model was made of, how and when: enough to make it again.
struct FitRecord {
  std::string version;
  std::string created;  ///< ISO 8601, UTC
  std::vector<std::string> command_line;
  std::vector<InputRecord> inputs;
  std::string validation;  ///< how the gate's validation ratings were chosen
  std::uint64_t seed = 0;
  std::size_t ratings = 0;   ///< that it was made of: those to train and to validate with
  std::size_t left_out = 0;  ///< those of the fold's test
  std::size_t users = 0;     ///< with a rating that is not left out
  std::size_t items = 0;     ///< rated ones and those with tags alone
  std::size_t tags = 0;      ///< 0: no tags were given
  std::size_t max_tags = 0;  ///< as many of a larger number were taken; 0: all
  std::size_t items_with_tags = 0;
  std::size_t user_features = 0;  ///< 0: none were given
  std::size_t item_features = 0;  ///< the same
  std::size_t items_with_features = 0;
  std::string scale;
  TrainingOptions options;
  NeighbourOptions neighbours;
  NeighbourSummary neighbour_summary;
  bool warm_start = false;
};

/// Fills in ratings, left_out and users.
void count_trained(const Ratings& ratings, std::span<const Part> parts, FitRecord& record);

/// The record and what training found, as JSON text: the metadata "manifest" of a model file.
std::string render_manifest(const FitRecord& record, const Training& training);

/// The same with how long it took and how large the file is, indented, for `fit --report`.
std::string render_fit_report(const FitRecord& record, const Training& training, double seconds,
                              std::uint64_t file_bytes);

/// What of a manifest is needed to go on with the model.
struct ManifestFacts {
  BalseOptions options;
  std::string scale;  ///< as RatingScale::describe() gives it; empty where it is not told
};

/// Nothing where the text is no manifest.
std::optional<ManifestFacts> read_manifest(const std::string& manifest);

}  // namespace balse
