#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "results_view.hpp"

namespace balse::report {

/// A figure of the table of results as text; empty where there is none.
struct TableCell {
  std::string value;
  std::string halfwidth;  ///< of 1.96 sd/sqrt(folds); empty with one fold
  std::string interval;   ///< "1.19 to 1.21": of the bootstrap
  Mark mark = Mark::none;
};

/// "rmse" or "mae" of a model; only RMSE has intervals and marks beyond the best.
TableCell table_cell(const ResultsView& view, std::size_t model, const std::string& subset,
                     std::string_view measure);

bool has_measure(const ResultsView& view, std::string_view measure);
bool has_tied(const ResultsView& view);
/// Test ratings, or folds that have any, as any model of the subset has them.
std::uint64_t rows_of_subset(const ResultsView& view, std::string_view subset,
                             std::string_view key);

/// "5-fold cross-validation, ...; 11,500 ratings, 300 users, 900 items, 117 tags on 720 items"
std::string protocol_and_data(const ResultsView& view);

/// What the figures of the table are, a sentence each; `bold` and `mark` are what shows the best
/// and those that are not told from it, in the language of the table.
std::vector<std::string> table_notes(const ResultsView& view, std::string_view bold,
                                     std::string_view mark);

}  // namespace balse::report
