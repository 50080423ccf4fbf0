#pragma once

#include <string>

#include "balse/model/training_json.hpp"

namespace balse {

// The table of RMSE by model and subset, from results as docs/results.md describes them. The lowest
// figure of a column is bold; where the results have comparisons, those that cannot be told from it
// (p >= .05 after Holm's correction) have a mark, which is explained below the table.

/// Two tables, of RMSE and of MAE (where there is any), and notes; ends in a newline.
std::string markdown_results_table(const Json& results);

/// A tabular that needs the packages booktabs and, for its bold and marks, nothing else; notes are
/// comments. Ends in a newline.
std::string latex_results_table(const Json& results);

}  // namespace balse
