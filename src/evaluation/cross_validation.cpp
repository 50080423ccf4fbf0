#include "balse/evaluation/cross_validation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <utility>

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
        scores_(options.scores),
        tuning_(options.tuning),
        store_(options.store),
        options_(fold_options(options, index)),
        models_(models),
        observer_(observer),
        index_(index),
        folds_(folds),
        threads_(resolve_threads(options.threads)) {}

  FoldResult run(const std::vector<Part>& parts) {
    const auto begun = std::chrono::steady_clock::now();
    std::size_t step = 0;
    const std::unique_ptr<FoldStore::Fold> known = find_known();
    if (known == nullptr && !tuning_.blocks.empty()) {
      progress(0, "tune");
      result_.tuned = tune_fold(ratings_, side_, parts, index_, tuning_, options_);
    }
    const Training training = known != nullptr
                                  ? std::move(known->training)
                                  : train(ratings_, side_, parts, options_, nullptr,
                                          [&](const char* what) { progress(step++, what); });
    if (known != nullptr) {
      result_.tuned = known->tuned;
    } else if (store_ != nullptr) {
      store_->add(index_, training, result_.tuned, seconds_since(begun));
    }
    progress(2, "test");
    result_.train_rows = training.train_rows;
    result_.validation_rows = training.validation_rows;
    static_cast<BlockSummaries&>(result_) = training;
    test(parts, training);
    result_.seconds = seconds_since(begun) + (known != nullptr ? known->seconds : 0.0);
    return result_;
  }

 private:
  static double seconds_since(std::chrono::steady_clock::time_point begun) {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  }

  /// What an earlier run has learned in this fold; null where it did not.
  std::unique_ptr<FoldStore::Fold> find_known() const {
    return store_ == nullptr
               ? nullptr
               : store_->find(
                     index_,
                     {.users = ratings_.users.size(),
                      .items = ratings_.items.size(),
                      .tags = side_.tags != nullptr ? side_.tags->tag_count : 0,
                      .features =
                          side_.user_features != nullptr ? side_.user_features->tag_count : 0,
                      .components =
                          side_.item_features != nullptr ? side_.item_features->columns : 0});
  }

  void progress(std::size_t step, const char* what) const {
    if (observer_.on_progress) {
      observer_.on_progress(
          index_ * kStepsPerFold + step, folds_ * kStepsPerFold,
          "fold " + std::to_string(index_ + 1) + " of " + std::to_string(folds_) + ", " + what);
    }
  }

  void test(const std::vector<Part>& parts, const Training& training) {
    const Predictors predictors = training.predictors(side_, options_.model);
    std::vector<std::uint32_t> user_counts(ratings_.users.size());
    for (std::size_t row = 0; row < parts.size(); ++row) {
      user_counts[ratings_.user[row]] += is_known(parts[row]) ? 1 : 0;
    }
    if (observer_.on_fold) {
      observer_.on_fold({.fold = index_,
                         .folds = folds_,
                         .training = &training,
                         .predictors = &predictors,
                         .parts = parts,
                         .item_counts = training.item_counts,
                         .user_counts = user_counts});
    }
    measure(predictors, rows_of(parts, Part::test), training.item_counts, user_counts);
  }

  void measure(const Predictors& predictors, const std::vector<std::uint32_t>& rows,
               const std::vector<std::uint32_t>& item_counts,
               const std::vector<std::uint32_t>& user_counts) {
    std::vector<std::uint32_t> counts(rows.size());
    std::transform(rows.begin(), rows.end(), counts.begin(),
                   [&](std::uint32_t row) { return item_counts[ratings_.item[row]]; });
    const Subsets subsets(little_known_, counts);
    std::vector<double> values(models_.size() + scores_.size());
    result_.rmse.assign(values.size(), {});
    result_.mae.assign(values.size(), {});
    BlockwisePrediction prediction(predictors, models_, ratings_, threads_);
    prediction.run(
        rows, [&](std::size_t position, std::uint32_t row, std::span<const double> predictions) {
          std::copy(predictions.begin(), predictions.end(), values.begin());
          for (std::size_t s = 0; s < scores_.size(); ++s) {
            values[models_.size() + s] = scores_[s].predictions[index_][position];
          }
          TestPrediction test{
              .fold = index_,
              .row = row,
              .user = ratings_.user[row],
              .item = ratings_.item[row],
              .rating = ratings_.value[row],
              .item_count = counts[position],
              .user_count = user_counts[ratings_.user[row]],
              .has_tags = side_.tags != nullptr && side_.tags->count(ratings_.item[row]) > 0,
              .predictions = values,
              .predictors = &predictors};
          for (std::size_t s = 0; s < kSubsetCount; ++s) {
            test.subsets[s] = subsets.contains(static_cast<Subset>(s), position);
          }
          add(test);
        });
    for (std::size_t s = 0; s < kSubsetCount; ++s) {
      result_.rows[s] = subsets.rows(static_cast<Subset>(s));
      const auto n = static_cast<double>(result_.rows[s]);
      for (std::size_t c = 0; c < values.size(); ++c) {
        result_.rmse[c][s] = n > 0.0 ? std::sqrt(result_.rmse[c][s] / n) : kNoFigure;
        result_.mae[c][s] = n > 0.0 ? result_.mae[c][s] / n : kNoFigure;
      }
    }
  }

  /// Until all are there the figures hold sums.
  void add(const TestPrediction& test) {
    for (std::size_t c = 0; c < test.predictions.size(); ++c) {
      const double error = test.predictions[c] - test.rating;
      for (std::size_t s = 0; s < kSubsetCount; ++s) {
        result_.rmse[c][s] += test.subsets[s] ? error * error : 0.0;
        result_.mae[c][s] += test.subsets[s] ? std::abs(error) : 0.0;
      }
    }
    for (const Model model : models_) {
      const Fallback fallback = test.predictors->find(model)->fallback(test.user, test.item);
      ++result_.fallbacks[index_of(model)][static_cast<std::size_t>(fallback)];
    }
    if (observer_.on_prediction) {
      observer_.on_prediction(test);
    }
  }

  const Ratings& ratings_;
  const SideInformation side_;
  const LittleKnown& little_known_;
  const std::vector<Score>& scores_;
  const TuningOptions& tuning_;
  const FoldStore* store_;
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

namespace {

MeanInterval over_folds(const std::vector<FoldResult>& folds,
                        std::vector<FoldResult::BySubset> FoldResult::*figures,
                        std::size_t contender, Subset subset) {
  const auto s = static_cast<std::size_t>(subset);
  std::vector<double> values;
  for (const FoldResult& fold : folds) {
    if (fold.rows[s] > 0) {
      values.push_back((fold.*figures)[contender][s]);
    }
  }
  return mean_interval(values);
}

}  // namespace

MeanInterval CrossValidationResult::figure(Model model, Subset subset) const {
  const auto found = std::find(models.begin(), models.end(), model);
  return found == models.end() ? MeanInterval()
                               : figure(static_cast<std::size_t>(found - models.begin()), subset);
}

MeanInterval CrossValidationResult::figure(std::size_t contender, Subset subset) const {
  return over_folds(folds, &FoldResult::rmse, contender, subset);
}

MeanInterval CrossValidationResult::mae(std::size_t contender, Subset subset) const {
  return over_folds(folds, &FoldResult::mae, contender, subset);
}

std::size_t CrossValidationResult::rows(Subset subset) const {
  std::size_t sum = 0;
  for (const FoldResult& fold : folds) {
    sum += fold.rows[static_cast<std::size_t>(subset)];
  }
  return sum;
}

std::size_t CrossValidationResult::folds_with(Subset subset) const {
  return static_cast<std::size_t>(
      std::count_if(folds.begin(), folds.end(), [subset](const FoldResult& fold) {
        return fold.rows[static_cast<std::size_t>(subset)] > 0;
      }));
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
  std::transform(result.models.begin(), result.models.end(), std::back_inserter(result.contenders),
                 contender_of);
  for (const Score& score : options.scores) {
    result.contenders.push_back(score.contender);
  }
  if (observer.on_start) {
    observer.on_start(result.contenders);
  }
  for (std::size_t index = 0; index < splits.folds(); ++index) {
    Fold fold(ratings, side, options, result.models, observer, index, splits.folds());
    result.folds.push_back(fold.run(splits.parts(index)));
  }
  return result;
}

}  // namespace balse
