#include "balse/evaluation/cross_validation.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <optional>

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "evaluation/blockwise_prediction.hpp"

namespace balse {
namespace {

constexpr std::size_t kStepsPerFold =
    3;  // of progress: fit on train, fit on train + validation, test

std::vector<std::uint32_t> rows_of(const std::vector<Part>& parts, Part part) {
  std::vector<std::uint32_t> rows;
  rows.reserve(static_cast<std::size_t>(std::count(parts.begin(), parts.end(), part)));
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == part) {
      rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
  return rows;
}

class Fold {
 public:
  Fold(const Ratings& ratings, const TagMatrix* tags, const CrossValidationOptions& options,
       const std::vector<Model>& models, const CrossValidationObserver& observer, std::size_t index,
       std::size_t folds)
      : ratings_(ratings),
        tags_(tags),
        options_(options),
        model_options_(options.model),
        models_(models),
        observer_(observer),
        index_(index),
        folds_(folds),
        threads_(resolve_threads(options.threads)) {
    model_options_.als.threads = threads_;
    model_options_.lasso.threads = threads_;
    // Folds start from different random factors and gates, the two fits of one fold from the same.
    model_options_.als.seed = derive_seed(options.model.als.seed, index);
    model_options_.gate.seed = derive_seed(options.model.gate.seed, index);
  }

  FoldResult run(const std::vector<Part>& parts) {
    const auto begun = std::chrono::steady_clock::now();
    progress(0, "fit");
    result_.train_rows =
        static_cast<std::size_t>(std::count(parts.begin(), parts.end(), Part::train));
    result_.validation_rows =
        static_cast<std::size_t>(std::count(parts.begin(), parts.end(), Part::validation));
    std::optional<FittedBlocks> trained;
    if (tags_ != nullptr || !options_.refit) {
      trained = fit(parts, false);
      progress(1, "gate and refit");
      if (tags_ != nullptr) {
        learn_gate(*trained, rows_of(parts, Part::validation));
      }
    }
    gate_counts_ = trained ? trained->means->item_count : std::vector<std::uint32_t>();
    if (options_.refit) {
      trained.reset();  // its memory is needed
    }
    test(parts, trained);
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

  RatingMatrix matrix(const std::vector<Part>& parts, bool with_validation) const {
    return make_rating_matrix(
        ratings_,
        [&](std::size_t row) {
          return parts[row] == Part::train || (with_validation && parts[row] == Part::validation);
        },
        threads_);
  }

  FittedBlocks fit(const std::vector<Part>& parts, bool with_validation) const {
    return fit_blocks(matrix(parts, with_validation), tags_, model_options_);
  }

  void learn_gate(const FittedBlocks& blocks, const std::vector<std::uint32_t>& rows) {
    const Predictors predictors(blocks, tags_, model_options_);
    BlockwisePrediction prediction({predictors.find(Model::als), predictors.find(Model::lasso)},
                                   ratings_, threads_);
    GateSamples samples;
    prediction.run(rows, [&](std::size_t, std::uint32_t row, std::span<const double> values) {
      samples.add(blocks.means->item_count[ratings_.item[row]], values[0], values[1],
                  ratings_.value[row]);
    });
    result_.gate = fit_gate(samples, model_options_.gate, &result_.gate_summary);
  }

  void test(const std::vector<Part>& parts, const std::optional<FittedBlocks>& trained) {
    const RatingMatrix known = matrix(parts, true);
    const FittedBlocks refitted =
        trained ? FittedBlocks{} : fit_blocks(known, tags_, model_options_);
    const FittedBlocks& blocks = trained ? *trained : refitted;
    result_.als_summary = blocks.als_summary;
    result_.lasso_summary = blocks.lasso_summary;
    progress(2, "test");

    std::vector<std::uint32_t> known_counts(known.items());
    for (std::size_t item = 0; item < known.items(); ++item) {
      known_counts[item] = static_cast<std::uint32_t>(known.by_item.count(item));
    }
    if (options_.gate_counts == GateCounts::train_and_validation) {
      gate_counts_ = known_counts;
    }
    Predictors predictors(blocks, tags_, model_options_);
    predictors.add_bias(options_.refit ? known : matrix(parts, false));
    if (tags_ != nullptr) {
      predictors.add_balse(result_.gate, gate_counts_);
    }
    measure(predictors, rows_of(parts, Part::test), known_counts);
  }

  void measure(const Predictors& predictors, const std::vector<std::uint32_t>& rows,
               const std::vector<std::uint32_t>& known_counts) {
    std::vector<std::uint32_t> counts(rows.size());
    std::transform(rows.begin(), rows.end(), counts.begin(),
                   [&](std::uint32_t row) { return known_counts[ratings_.item[row]]; });
    const Subsets subsets(options_.little_known, counts);
    std::vector<const Block*> blocks;
    for (const Model model : models_) {
      blocks.push_back(predictors.find(model));
    }
    std::array<std::array<double, kSubsetCount>, kModels.size()> squares = {};
    BlockwisePrediction prediction(blocks, ratings_, threads_);
    prediction.run(
        rows, [&](std::size_t position, std::uint32_t row, std::span<const double> values) {
          for (std::size_t m = 0; m < models_.size(); ++m) {
            const double error = values[m] - ratings_.value[row];
            const auto model = static_cast<std::size_t>(models_[m]);
            for (std::size_t s = 0; s < kSubsetCount; ++s) {
              squares[model][s] +=
                  subsets.contains(static_cast<Subset>(s), position) ? error * error : 0.0;
            }
            const Fallback fallback = blocks[m]->fallback(ratings_.user[row], ratings_.item[row]);
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
  const TagMatrix* tags_;
  const CrossValidationOptions& options_;
  BalseOptions model_options_;
  const std::vector<Model>& models_;
  const CrossValidationObserver& observer_;
  std::size_t index_;
  std::size_t folds_;
  int threads_;
  std::vector<std::uint32_t> gate_counts_;
  FoldResult result_;
};

}  // namespace

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

CrossValidationResult cross_validate(const Ratings& ratings, const TagMatrix* tags,
                                     const Splits& splits, const CrossValidationOptions& options,
                                     const CrossValidationObserver& observer) {
  CrossValidationResult result;
  for (const Model model : kModels) {
    if (tags != nullptr || !needs_tags(model)) {
      result.models.push_back(model);
    }
  }
  if (observer.on_start) {
    observer.on_start(result.models);
  }
  for (std::size_t index = 0; index < splits.folds(); ++index) {
    Fold fold(ratings, tags, options, result.models, observer, index, splits.folds());
    result.folds.push_back(fold.run(splits.parts(index)));
  }
  return result;
}

}  // namespace balse
