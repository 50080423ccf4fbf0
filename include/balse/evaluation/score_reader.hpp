#pragma once

#include <string>

#include "balse/data/input_record.hpp"
#include "balse/data/ratings.hpp"
#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/splits.hpp"

namespace balse {

/// Where somebody else's predictions lie.
struct ScoreFile {
  std::string name;    ///< of the row of the table
  std::string path;    ///< a CSV, plain or compressed
  std::string column;  ///< of the predictions; empty: "prediction", or that of the name
};

/// Reads predictions for the test ratings of `splits`: a column of numbers beside `row` (0-based
/// data row of the rating file, as in a folds file; the same prediction in every fold that tests
/// it), beside `fold` and `row`, or beside `fold`, `user` and `item`. Lines for what a fold does
/// not test are passed over. Throws Error(bad_data) where a test rating has no prediction, naming
/// the first; where a line is no number; where two lines are for one test rating and differ.
Score read_score(const ScoreFile& file, const Splits& splits, const Ratings& ratings,
                 InputRecord& record);

}  // namespace balse
