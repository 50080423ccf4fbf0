#pragma once

#include <string>
#include <vector>

#include "balse/evaluation/evaluation.hpp"
#include "balse/evaluation/report.hpp"
#include "balse/model/training_json.hpp"

namespace balse {

/// What was found with one value of what a series varies.
struct SeriesPoint {
  std::string value;  ///< "10%"
  Evaluation evaluation;
};

/// The same evaluation with one thing varied: the number of train ratings, an option, the tags. All
/// points have the same models.
struct Series {
  std::string column;   ///< "train_size": of CSV, and the key of a point in JSON
  std::string heading;  ///< "train size"
  std::string list;     ///< "learning_curve": the points in JSON
  std::string words;    ///< "learning curve of 3 train sizes": of the protocol
  std::string note;     ///< sentences below the table; may be empty
  std::vector<SeriesPoint> points;
};

/// One result of all points as text that ends in a newline; `manifest` is of what they have in
/// common. Tables have the rows of render_report() for each point, and csv its lines, after the
/// value; json has a list of points, each with the value, `train_rows` and what results_json() has,
/// the manifest apart.
std::string render_series(const Series& series, Manifest manifest, ReportFormat format);

/// What json has, for a report.
Json series_results(const Series& series, const Manifest& manifest);

/// Train ratings, mean over the folds.
double mean_train_rows(const CrossValidationResult& result);

}  // namespace balse
