#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/balse.hpp"

namespace balse {

/// What a rating is used for; the numbers are those of a folds file.
enum class Part : std::uint8_t { train = 0, validation = 1, test = 2 };

/// The share of what is not tested that validates; paper, section V.C.
inline constexpr double kValidationShare = 0.3;

/// The item counts R_j that the gate sees when it predicts.
enum class GateCounts {
  train_and_validation,  ///< those of the set that the refitted blocks know; the authors' code
  train,                 ///< those the gate was fitted with; footnote 6 of the paper
};

struct TrainingOptions {
  BalseOptions model;
  GateCounts gate_counts = GateCounts::train_and_validation;
  /// Fit ALS and LASSO anew on train + validation once the gate is known (paper, V.C).
  bool refit = true;
  int threads = 0;  ///< 0: all processors; the result is the same bits at any count

  /// Shows all options of training, those of all models with them, but seeds and threads.
  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// Where the blocks start instead of from random factors and zero coefficients, in the indices of
/// today's users, items and tags: yesterday's model. The optima are the same, the way is shorter.
struct WarmStart {
  Factors users;
  Factors items;
  Lasso lasso;
};

/// The paper's model, trained: what predicts from now on.
struct Training {
  FittedBlocks blocks;                     ///< on train + validation (with refit), or on train
  SteinsGate gate;                         ///< unset without tags
  std::vector<std::uint32_t> gate_counts;  ///< R_j as the gate sees it, by item
  GateSummary gate_summary;
  std::size_t train_rows = 0;
  std::size_t validation_rows = 0;
};

/// Trains on the ratings whose part is train or validation: blocks on train, the gate on what they
/// predict for validation, then the blocks again on both (paper, sections IV.D and V.C). `tags` is
/// null (ALS alone) or has a row per item of `ratings`; `start` may be null. `progress` is told
/// what comes next: "fit", then "gate and refit" where there is something to refit.
Training train(const Ratings& ratings, const TagMatrix* tags, std::span<const Part> parts,
               const TrainingOptions& options, const WarmStart* start = nullptr,
               const std::function<void(const char*)>& progress = {});

/// The ratings of `parts` that are train, or train and validation.
RatingMatrix training_matrix(const Ratings& ratings, std::span<const Part> parts,
                             bool with_validation, int threads);

/// The rows of one part, ascending.
std::vector<std::uint32_t> rows_of(std::span<const Part> parts, Part part);

}  // namespace balse
