#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/evaluation/contender.hpp"
#include "balse/evaluation/fold_store.hpp"
#include "balse/evaluation/metrics.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/evaluation/tuning.hpp"
#include "balse/model/training.hpp"

namespace balse {

/// What somebody else's program predicts for the test ratings.
struct Score {
  Contender contender;
  /// By fold: for its test ratings, rows ascending.
  std::vector<std::vector<double>> predictions;
};

struct CrossValidationOptions : TrainingOptions {
  LittleKnown little_known;
  std::vector<Score> scores;
  TuningOptions tuning;              ///< nothing is tuned by default
  const FoldStore* store = nullptr;  ///< of finished folds, if there is one
};

/// The options that fold `fold` is trained with: folds start from different random factors and
/// gates, the two fits of one fold from the same.
TrainingOptions fold_options(const TrainingOptions& options, std::size_t fold);

inline constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

/// With what the fits of the blocks that predict the test ratings found, and of the blends.
struct FoldResult : BlockSummaries {
  std::array<std::size_t, kSubsetCount> rows = {};  ///< test ratings by subset
  using BySubset = std::array<double, kSubsetCount>;
  std::vector<BySubset> rmse;  ///< by contender; kNoFigure where there are no rows
  std::vector<BySubset> mae;   ///< likewise: the mean absolute error
  std::array<std::array<std::size_t, kFallbackCount>, kModels.size()> fallbacks = {};
  std::size_t train_rows = 0;
  std::size_t validation_rows = 0;
  std::vector<TunedFold> tuned;  ///< by block, if any was
  double seconds = 0.0;
};

struct CrossValidationResult {
  std::vector<Model> models;          ///< in table order
  std::vector<Contender> contenders;  ///< rows of the table: the models, then the scores
  std::vector<FoldResult> folds;

  /// RMSE over the folds that have such test ratings.
  MeanInterval figure(Model model, Subset subset) const;
  MeanInterval figure(std::size_t contender, Subset subset) const;
  MeanInterval mae(std::size_t contender, Subset subset) const;
  std::size_t rows(Subset subset) const;        ///< of all folds together
  std::size_t folds_with(Subset subset) const;  ///< that have such test ratings
};

/// One test rating and what the contenders say, in the order of CrossValidationResult::contenders.
struct TestPrediction {
  std::size_t fold = 0;
  std::uint32_t row = 0;  ///< of Ratings
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  float rating = 0.0F;
  std::uint32_t item_count = 0;  ///< train + validation ratings of the item
  std::uint32_t user_count = 0;  ///< and of the user
  bool has_tags = false;         ///< whether the item has any
  std::array<bool, kSubsetCount> subsets = {};
  std::span<const double> predictions;
  const Predictors* predictors = nullptr;  ///< of the fold, to ask for more
};

/// What one fold has learned, before its test ratings are predicted.
struct TrainedFold {
  std::size_t fold = 0;
  std::size_t folds = 0;
  const Training* training = nullptr;
  const Predictors* predictors = nullptr;
  std::span<const Part> parts;
  std::span<const std::uint32_t> item_counts;  ///< train + validation ratings
  std::span<const std::uint32_t> user_counts;
};

/// Called on the way, always from the calling thread and in the same order.
struct CrossValidationObserver {
  std::function<void(const std::vector<Contender>& contenders)> on_start;
  std::function<void(const TrainedFold& fold)> on_fold;
  std::function<void(const TestPrediction& prediction)> on_prediction;
  std::function<void(std::size_t done, std::size_t total, const std::string& what)> on_progress;
};

/// The protocol of the paper's section V.C on every fold of `splits`. Without tags there is
/// no LASSO and no BALSE.
CrossValidationResult cross_validate(const Ratings& ratings, const SideInformation& side,
                                     const Splits& splits, const CrossValidationOptions& options,
                                     const CrossValidationObserver& observer = {});

}  // namespace balse
