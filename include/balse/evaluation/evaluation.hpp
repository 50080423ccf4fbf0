#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "balse/data/id_index.hpp"
#include "balse/evaluation/analysis.hpp"
#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/observations.hpp"
#include "balse/evaluation/ranking_analysis.hpp"

namespace balse {

/// How long a part of the run took, and the most memory the process had used by its end.
struct Stage {
  std::string name;  ///< "fold 1 of 5, fit"
  double seconds = 0.0;
  std::uint64_t peak_bytes = 0;
};

/// What of the findings tables and CSV have; JSON has them all.
struct ShownFindings {
  bool intervals = false;  ///< of the figures, with marks; and the pairs of models below the table
  bool slices = false;
  bool ranking = false;
};

/// What was evaluated, and all that was asked to know of it.
struct Evaluation {
  CrossValidationResult result;
  std::optional<Findings> findings;
  std::optional<RankingFindings> ranking;
  std::optional<CountHistograms> counts;
  std::optional<TagStatistics> tags;
  std::vector<std::string> tag_names;  ///< by tag of `tags`
  std::vector<GateCurve> gate;
  std::vector<Stage> stages;
  ShownFindings shown;
};

}  // namespace balse
