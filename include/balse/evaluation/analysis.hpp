#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/evaluation/cross_validation.hpp"
#include "balse/evaluation/error_sums.hpp"
#include "balse/evaluation/slices.hpp"
#include "balse/evaluation/statistics.hpp"

namespace balse {

/// What is drawn with replacement to see how far a figure might have come out differently.
enum class Resampled : std::uint8_t { users, items };

struct AnalysisOptions {
  Resampled over = Resampled::users;
  std::size_t replicates = 1000;
  std::uint64_t seed = 42;
  int threads = 0;
};

/// Two contenders on the same test ratings.
struct Comparison {
  std::size_t a = 0;  ///< contenders
  std::size_t b = 0;
  Subset subset = Subset::all;
  double difference = 0.0;  ///< of their RMSE, a minus b, each the mean over folds
  Interval interval;        ///< bootstrap, both on the same replicates
  SignedRank test;          ///< of the difference of every user's (item's) RMSE over all folds
  double p_holm = 1.0;      ///< corrected over all pairs of the subset
};

/// Of all folds' test ratings together.
struct SliceFigures {
  SliceName name;
  std::size_t rows = 0;
  double gate_weight = kNoFigure;  ///< mean weight of ALS in BALSE; no figure without BALSE
  std::vector<double> rmse;        ///< by contender; no figure where there are no rows
  std::vector<double> mae;
  std::vector<Interval> interval;  ///< of the RMSE
};

/// Of the test ratings of all folds in one tenth of a contender's predictions.
struct CalibrationPoint {
  double predicted = 0.0;  ///< means
  double observed = 0.0;
  std::size_t rows = 0;
};

/// How many users have an RMSE over all their test ratings between two edges.
struct UserHistogram {
  std::vector<double> edges;                    ///< one more than bins
  std::vector<std::vector<std::size_t>> users;  ///< [contender][bin]
};

/// All that evaluating found beyond the means over folds.
struct Findings {
  AnalysisOptions options;
  std::vector<std::array<Interval, kSubsetCount>> intervals;  ///< of RMSE, by contender
  std::vector<Comparison> comparisons;
  std::vector<SliceFigures> slices;
  std::vector<std::vector<CalibrationPoint>> calibration;  ///< by contender, up to ten each
  UserHistogram users;
};

/// Listens to cross_validate() and draws conclusions. Memory: about 500 bytes a user and contender,
/// whatever the number of ratings.
class Analysis {
 public:
  /// `ratings` must outlive it.
  Analysis(const Ratings& ratings, bool with_tags, const AnalysisOptions& options);

  void start(std::size_t contenders, std::size_t folds);
  void begin_fold(const TrainedFold& fold);
  void add(const TestPrediction& test);
  Findings finish(const CrossValidationResult& result) const;

  /// groups.csv (see StoredRun): a line for each user (item) and fold with test ratings, with the
  /// sums of squared errors that the intervals are made of.
  void write_sums(const std::vector<Contender>& contenders,
                  const std::function<void(std::string_view)>& write) const;

 private:
  /// Predictions of one contender in fine bins, from which tenths are put together.
  struct PredictionBins {
    std::vector<double> predicted;  // sums
    std::vector<double> observed;
    std::vector<std::size_t> rows;
  };

  std::size_t groups() const;
  void add_to_slices(const TestPrediction& test, std::size_t group);
  void add_to_bins(const TestPrediction& test);
  std::vector<double> rmse_of_groups(std::size_t contender, Subset subset) const;
  std::vector<std::size_t> cells_of(Subset subset) const;
  void compare(const CrossValidationResult& result, const Bootstrap& bootstrap,
               Findings& findings) const;
  std::vector<SliceFigures> slices(const Bootstrap& bootstrap) const;
  std::vector<CalibrationPoint> tenths(const PredictionBins& bins) const;
  UserHistogram histogram() const;

  const Ratings& ratings_;
  AnalysisOptions options_;
  Slices slices_;
  std::size_t folds_ = 0;
  std::size_t contenders_ = 0;
  double least_ = 0.0;  // of the ratings
  double most_ = 0.0;
  ErrorSums sums_{0, 0, 0};       // cells: subsets of every fold, then slices
  ErrorSums user_sums_{0, 0, 0};  // where items are resampled: all test ratings, by user
  std::vector<std::vector<double>> absolute_;  // sums, [slice][contender]
  std::vector<double> gate_weight_;            // sums, by slice
  std::vector<std::size_t> gate_rows_;
  std::vector<PredictionBins> bins_;
  std::vector<double> squares_;  // of the test rating at hand
};

}  // namespace balse
