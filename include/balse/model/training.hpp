#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/model_options.hpp"
#include "balse/model/predictors.hpp"
#include "balse/model/rating_means.hpp"

namespace balse {

/// What a rating is used for; the numbers are those of a folds file.
enum class Part : std::uint8_t {
  train = 0,
  validation = 1,
  test = 2,
  unused = 3,  ///< nothing knows of it: a training rating that a learning curve has not taken yet
};

/// Whether models may know a rating of this part, and counts count it.
constexpr bool is_known(Part part) {
  return part == Part::train || part == Part::validation;
}

/// The share of what is not tested that validates; paper, section V.C.
inline constexpr double kValidationShare = 0.3;

/// The item counts R_j that a blend sees when it predicts.
enum class GateCounts {
  train_and_validation,  ///< those of the set that the refitted blocks know; the authors' code
  train,                 ///< those the gate was fitted with; footnote 6 of the paper
};

/// What an item without training ratings is taken to be.
enum class ColdItems {
  automatic,   ///< new where whole items were held out, as sampled otherwise
  new_items,   ///< announced today: popular or not, nobody has had the chance to rate it
  as_sampled,  ///< obscure: the few ratings it ever got are among those that were held out
};

struct TrainingOptions {
  BalseOptions model;
  /// What shall be there in the end, and what it is made of; empty: all that are by default.
  std::vector<Model> models;
  ColdItems cold_items = ColdItems::automatic;
  std::uint64_t seed = 42;  ///< of the items that are held out to learn about new ones
  GateCounts gate_counts = GateCounts::train_and_validation;
  /// Fit the blocks anew on train + validation once the blends are known (paper, V.C).
  bool refit = true;
  /// Leave out what predictions do not take, as eval does: no user can be taken in afterwards.
  bool for_predictions_alone = false;
  int threads = 0;  ///< 0: all processors; the result is the same bits at any count

  /// Shows all options of training, those of all models with them, but seeds and threads.
  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// The paper's model, trained: what predicts from now on. The blocks were fitted on train +
/// validation (with refit), or on train.
struct Training : BlockSummaries {
  std::shared_ptr<const RatingMeans> means;  ///< of what the blocks were fitted on
  FittedParameters parameters;               ///< without tags those that need them are empty
  std::vector<std::uint32_t> item_counts;    ///< train + validation ratings, by item
  std::size_t train_rows = 0;
  std::size_t validation_rows = 0;

  /// `side` as train() had it; both must outlive the result.
  Predictors predictors(const SideInformation& side, const BalseOptions& options) const;
};

/// The range that these options cut predictions to, of ratings of these means.
Clipping clipping_of(const BalseOptions& options, const RatingMeans& means);

/// Trains on the ratings whose part is train or validation: blocks on train, each blend on what its
/// parts predict for validation, then the blocks again on both (paper, sections IV.D and V.C).
/// `start` is null or holds what fits start from
/// instead of random factors and zero coefficients, yesterday's model renumbered: the optima are
/// the same, the way is shorter. `progress` is told what comes next: "fit", then "gate and refit"
/// where there is something to refit.
Training train(const Ratings& ratings, const SideInformation& side, std::span<const Part> parts,
               const TrainingOptions& options, const FittedParameters* start = nullptr,
               const std::function<void(const char*)>& progress = {});

/// The rows of one part, ascending.
std::vector<std::uint32_t> rows_of(std::span<const Part> parts, Part part);

}  // namespace balse
