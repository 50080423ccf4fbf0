#include "balse/evaluation/cross_validation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <optional>

#include "balse/model/blockwise_prediction.hpp"
#include "balse/support/parallel.hpp"

namespace balse {
namespace {

constexpr std::size_t kStepsPerFold =
    3;  // of progress: fit on train, fit on train + validation, test

class Fold {
 public:
  Fold(const Ratings& ratings, const SideInformation& side, const CrossValidationOptions& options,
       const std::vector<Model>& models, const CrossValidationObserver& observer, std::size_t index,
       std::size_t folds)
      : ratings_(ratings),
        side_(side),
        little_known_(options.little_known),
        options_(fold_options(options, index)),
        models_(models),
        observer_(observer),
        index_(index),
        folds_(folds),
        threads_(resolve_threads(options.threads)) {}

  FoldResult run(const std::vector<Part>& parts) {
    const auto begun = std::chrono::steady_clock::now();
    std::size_t step = 0;
    const Training training = train(ratings_, side_, parts, options_, nullptr,
                                    [&](const char* what) { progress(step++, what); });
    progress(2, "test");
    result_.train_rows = training.train_rows;
    result_.validation_rows = training.validation_rows;
    static_cast<BlockSummaries&>(result_) = training;
    test(parts, training);
    result_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return result_;
  }

 private:
  void progress(std::size_t step, const char* what) const {
    if (observer_.on_progress) {
      observer_.on_progress(
          index_ * kStepsPerFold + step, folds_ * kStepsPerFold,
          "fold " + std::to_string(index_ + 1) + " of " + std::to_string(folds_) + ", " + what);
    }
  }

  void test(const std::vector<Part>& parts, const Training& training) {
    measure(training.predictors(side_, options_.model), rows_of(parts, Part::test),
            training.item_counts);
  }

  void measure(const Predictors& predictors, const std::vector<std::uint32_t>& rows,
               const std::vector<std::uint32_t>& known_counts) {
    std::vector<std::uint32_t> counts(rows.size());
    std::transform(rows.begin(), rows.end(), counts.begin(),
                   [&](std::uint32_t row) { return known_counts[ratings_.item[row]]; });
    const Subsets subsets(little_known_, counts);
    std::array<std::array<double, kSubsetCount>, kModels.size()> squares = {};
    BlockwisePrediction prediction(predictors, models_, ratings_, threads_);
    prediction.run(
        rows, [&](std::size_t position, std::uint32_t row, std::span<const double> values) {
          for (std::size_t m = 0; m < models_.size(); ++m) {
            const double error = values[m] - ratings_.value[row];
            const auto model = static_cast<std::size_t>(models_[m]);
            for (std::size_t s = 0; s < kSubsetCount; ++s) {
              squares[model][s] +=
                  subsets.contains(static_cast<Subset>(s), position) ? error * error : 0.0;
            }
            const Fallback fallback =
                predictors.find(models_[m])->fallback(ratings_.user[row], ratings_.item[row]);
            ++result_.fallbacks[model][static_cast<std::size_t>(fallback)];
          }
          if (observer_.on_prediction) {
            observer_.on_prediction({.fold = index_,
                                     .user = ratings_.user[row],
                                     .item = ratings_.item[row],
                                     .rating = ratings_.value[row],
                                     .item_count = counts[position],
                                     .predictions = values});
          }
        });
    for (std::size_t s = 0; s < kSubsetCount; ++s) {
      result_.rows[s] = subsets.rows(static_cast<Subset>(s));
      for (const Model model : kModels) {
        const auto m = static_cast<std::size_t>(model);
        const bool known = predictors.find(model) != nullptr && result_.rows[s] > 0;
        result_.rmse[m][s] =
            known ? std::sqrt(squares[m][s] / static_cast<double>(result_.rows[s])) : kNoFigure;
      }
    }
  }

  const Ratings& ratings_;
  const SideInformation side_;
  const LittleKnown& little_known_;
  TrainingOptions options_;
  const std::vector<Model>& models_;
  const CrossValidationObserver& observer_;
  std::size_t index_;
  std::size_t folds_;
  int threads_;
  FoldResult result_;
};

}  // namespace

TrainingOptions fold_options(const TrainingOptions& options, std::size_t fold) {
  TrainingOptions result = options;
  set_fold_seeds(result.model, fold);
  return result;
}

MeanInterval CrossValidationResult::figure(Model model, Subset subset) const {
  std::vector<double> values;
  if (std::find(models.begin(), models.end(), model) == models.end()) {
    return {};
  }
  for (const FoldResult& fold : folds) {
    if (fold.rows[static_cast<std::size_t>(subset)] > 0) {
      values.push_back(
          fold.rmse[static_cast<std::size_t>(model)][static_cast<std::size_t>(subset)]);
    }
  }
  return mean_interval(values);
}

std::size_t CrossValidationResult::rows(Subset subset) const {
  std::size_t sum = 0;
  for (const FoldResult& fold : folds) {
    sum += fold.rows[static_cast<std::size_t>(subset)];
  }
  return sum;
}

CrossValidationResult cross_validate(const Ratings& ratings, const SideInformation& side,
                                     const Splits& splits, const CrossValidationOptions& options,
                                     const CrossValidationObserver& observer) {
  CrossValidationResult result;
  // In the order of the table.
  const std::vector<Model> wanted = options.models.empty() ? models_by_default() : options.models;
  std::copy_if(kModels.begin(), kModels.end(), std::back_inserter(result.models), [&](Model model) {
    return std::find(wanted.begin(), wanted.end(), model) != wanted.end() &&
           (side.tags != nullptr || !needs_tags(model));
  });
  if (observer.on_start) {
    observer.on_start(result.models);
  }
  for (std::size_t index = 0; index < splits.folds(); ++index) {
    Fold fold(ratings, side, options, result.models, observer, index, splits.folds());
    result.folds.push_back(fold.run(splits.parts(index)));
  }
  return result;
}

}  // namespace balse
