#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/model/block.hpp"
#include "balse/model/trained_model.hpp"

namespace balse {

enum class RowFormat {
  as_input,  ///< jsonl where the input is, else csv
  csv,
  tsv,
  jsonl,
};

/// What a row can say besides the prediction.
struct PredictionColumn {
  enum class What : std::uint8_t {
    model,   ///< what this block or blend alone predicts, cut to a range as the model says; empty
             ///< where the model file does not have it
    weight,  ///< of ALS in the blend
    deviation,  ///< standard deviation of the rating around the prediction; empty where the model
                ///< has no idea
    fallback    ///< name_of(Fallback)
  };
  What what = What::model;
  Model model = Model::als;

  std::string_view name() const;
};

/// The columns there are: every block and blend, weight, deviation, fallback.
std::vector<PredictionColumn> prediction_columns();

struct PredictPairsOptions {
  std::string delimiter;  ///< of the input; empty: detected, file by file
  std::string columns;  ///< "user=uid,item=1": where they are, by name or number from 1; empty: by
                        ///< the names that people give them, or 1 and 2
  RowFormat format = RowFormat::as_input;
  std::vector<PredictionColumn> more;  ///< after the prediction, in this order
  bool header = true;                  ///< write one (csv, tsv)
  bool csv_safe = false;               ///< see FieldStyle
  bool strict = false;                 ///< an id that the model does not know is an error
  /// Answer rows that are no pair by one with a last column (or member) "error" that says why.
  bool skip_bad_rows = false;
  int threads = 0;  ///< 0: all processors; the output is the same bytes at any count
  /// Asked before every piece of input, which is a row where rows come one by one, and now and then
  /// while none comes: a newer model from then on, or null. The one before must live until the next
  /// call.
  std::function<const TrainedModel*()> newer_model;
};

struct PredictPairsSummary {
  std::uint64_t rows = 0;
  std::uint64_t bad_rows = 0;
  std::vector<std::string> first_bad_rows;  ///< messages of the first five
  std::array<std::uint64_t, kFallbackCount> fallbacks = {};
  /// Columns of the input that are called otherwise in the output, where another one has the name:
  /// "prediction as prediction_2".
  std::vector<std::string> renamed;
  std::vector<std::string> guesses;  ///< what was taken for what in a file, where that was a guess
  std::string lost_member;  ///< a member of JSON that has no column, as the first line has none; or
                            ///< empty
};

/// Predicts every pair of the files ("-" is standard input), rows between delimiters or JSON lines,
/// one row out for a row in, in their order: the columns or members of the input, then
/// `prediction`, then options.more. Streams: memory does not
/// depend on the number of rows, and a row is handed to `write` as soon as nothing more can be read
/// at once. Throws Error(bad_data) for a row that is no pair, and with `strict` for an unknown id;
/// the rows before it have been written. A first row that can be no pair of the model's users and
/// items is a header that nobody understands: an error as well, also with skip_bad_rows.
PredictPairsSummary predict_pairs(const std::vector<std::string>& paths, const TrainedModel& model,
                                  const PredictPairsOptions& options,
                                  const std::function<void(std::string_view)>& write);

}  // namespace balse
