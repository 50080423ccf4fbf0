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
#include "balse/evaluation/metrics.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/model/training.hpp"

namespace balse {

struct CrossValidationOptions : TrainingOptions {
  LittleKnown little_known;
};

/// The options that fold `fold` is trained with: folds start from different random factors and
/// gates, the two fits of one fold from the same.
TrainingOptions fold_options(const TrainingOptions& options, std::size_t fold);

inline constexpr double kNoFigure = std::numeric_limits<double>::quiet_NaN();

/// With what the fits of the blocks that predict the test ratings found, and of the blends.
struct FoldResult : BlockSummaries {
  std::array<std::size_t, kSubsetCount> rows = {};  ///< test ratings by subset
  std::array<std::array<double, kSubsetCount>, kModels.size()> rmse =
      {};  ///< kNoFigure: no such model or row
  std::array<std::array<std::size_t, kFallbackCount>, kModels.size()> fallbacks = {};
  std::size_t train_rows = 0;
  std::size_t validation_rows = 0;
  double seconds = 0.0;
};

struct CrossValidationResult {
  std::vector<Model> models;  ///< in table order
  std::vector<FoldResult> folds;

  MeanInterval figure(Model model, Subset subset) const;
  std::size_t rows(Subset subset) const;  ///< of all folds together
};

/// One test rating and what the models of CrossValidationResult::models say, in that order.
struct TestPrediction {
  std::size_t fold = 0;
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  float rating = 0.0F;
  std::uint32_t item_count = 0;  ///< train + validation ratings of the item
  std::span<const double> predictions;
};

/// Called on the way, always from the calling thread and in the same order.
struct CrossValidationObserver {
  std::function<void(const std::vector<Model>& models)> on_start;
  std::function<void(const TestPrediction& prediction)> on_prediction;
  std::function<void(std::size_t done, std::size_t total, const std::string& what)> on_progress;
};

/// The protocol of the paper's section V.C on every fold of `splits`. Without tags there is
/// no LASSO and no BALSE.
CrossValidationResult cross_validate(const Ratings& ratings, const SideInformation& side,
                                     const Splits& splits, const CrossValidationOptions& options,
                                     const CrossValidationObserver& observer = {});

}  // namespace balse
