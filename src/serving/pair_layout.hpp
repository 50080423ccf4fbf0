#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/model/trained_model.hpp"
#include "balse/serving/predict_pairs.hpp"

namespace balse {

/// Where a file's rows have what.
struct PairLayout {
  std::string path;
  std::string delimiter;  ///< "," for JSON
  std::size_t user = 0;   // fields
  std::size_t item = 1;
  bool had_header = false;
  bool is_json = false;  ///< a line is an object; the names are those of the first one's members
  // Of all columns; made up where there is no header, made different from each other and from those
  // of the predictions: a second key or column of the same name would hide the first.
  std::vector<std::string> names;
  std::vector<std::string> members;  ///< the names before that, of JSON
  std::vector<std::string> renamed;  ///< as PredictPairsSummary has it
  std::string guess;                 ///< what was taken for what, where that was a guess

  /// Where the first row of a file is.
  struct Place {
    std::string path;
    std::uint64_t line = 0;
    std::string said_delimiter;  ///< by a line before it; empty: by none
  };
  /// Told by the first row; nothing, and the reason, where it is none. Throws Error(bad_data) where
  /// it is a header without names that are known.
  static std::optional<PairLayout> detect(const Place& place, std::string_view first_line,
                                          const PredictPairsOptions& options,
                                          const TrainedModel& model, std::string& problem);
  /// Of a file of which nothing is known but that it begins so: user and item.
  static PairLayout assumed(const Place& place, std::string_view start);
};

/// The name of a column of the input in the output: another one where the output has it already.
std::string free_name(const std::string& name, const PredictPairsOptions& options);

// What can be wrong with a row of pairs, and how it is said.
bool is_text(std::string_view line);
std::string not_text(std::string_view line);
std::string wrong_count(std::size_t count, std::string_view line, const std::string& delimiter);

}  // namespace balse
