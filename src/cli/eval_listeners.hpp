#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/evaluation/evaluation.hpp"

#include "predictions_file.hpp"
#include "progress.hpp"

namespace balse::cli {

/// What `balse eval` is to find out besides its table.
struct WantedFindings {
  std::optional<AnalysisOptions> analysis;
  std::optional<RankingAnalysisOptions> ranking;
  AnalysisOptions resampling;  ///< of the ranking's intervals
  bool observations = false;   ///< all else that a report shows
};

/// Everything that listens to the cross-validation of one run: progress, the file of predictions,
/// and what finds out more.
class EvalListeners {
 public:
  /// `tags` and `predictions` may be null; all must outlive it.
  EvalListeners(const Ratings& ratings, const TagMatrix* tags, const WantedFindings& wanted,
                std::size_t folds, PredictionsFile* predictions);

  CrossValidationObserver observer();
  /// groups.csv of a report.
  std::string groups_csv(const std::vector<Contender>& contenders) const;
  /// All that was found.
  Evaluation finish(CrossValidationResult result);

 private:
  void end_stage();

  const Ratings& ratings_;
  const TagMatrix* tags_;
  std::size_t folds_;
  PredictionsFile* predictions_;
  Progress progress_;
  std::optional<Analysis> analysis_;
  std::optional<RankingAnalysis> ranking_;
  bool observations_;
  std::optional<TagStatistics> tag_facts_;
  std::vector<Stage> stages_;
  std::string stage_;
  std::chrono::steady_clock::time_point stage_begun_ = std::chrono::steady_clock::now();
};

}  // namespace balse::cli
