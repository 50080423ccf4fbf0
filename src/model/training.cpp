#include "balse/model/training.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/support/parallel.hpp"

#include "model/blockwise_prediction.hpp"

namespace balse {
namespace {

class Trainer {
 public:
  Trainer(const Ratings& ratings, const TagMatrix* tags, std::span<const Part> parts,
          const TrainingOptions& options, const WarmStart* start)
      : ratings_(ratings),
        tags_(tags),
        parts_(parts),
        options_(options),
        model_options_(options.model),
        start_(start),
        threads_(resolve_threads(options.threads)) {
    model_options_.als.threads = threads_;
    model_options_.lasso.threads = threads_;
  }

  Training run(const std::function<void(const char*)>& progress) {
    const auto say = [&](const char* what) {
      if (progress) {
        progress(what);
      }
    };
    training_.train_rows = count(Part::train);
    training_.validation_rows = count(Part::validation);
    say("fit");
    // Without tags there is no gate to learn, so the blocks are fitted but once.
    if (tags_ != nullptr || !options_.refit) {
      fit(false);
      training_.gate_counts = training_.blocks.means->item_count;
      say("gate and refit");
      if (tags_ != nullptr) {
        learn_gate();
      }
    }
    if (options_.refit) {
      training_.blocks = {};  // its memory is needed
      fit(true);
    }
    if (options_.gate_counts == GateCounts::train_and_validation) {
      training_.gate_counts = options_.refit ? training_.blocks.means->item_count : known_counts();
    }
    return std::move(training_);
  }

 private:
  std::size_t count(Part part) const {
    return static_cast<std::size_t>(std::count(parts_.begin(), parts_.end(), part));
  }

  // Yesterday's factors have seen today's validation ratings and would flatter ALS, so the fit that
  // the gate is learned from does not start there; LASSO's optimum does not depend on the start.
  void fit(bool with_validation) {
    BalseOptions options = model_options_;
    options.als.tolerance = with_validation ? options.als.tolerance : 0.0;
    training_.blocks = fit_blocks(training_matrix(ratings_, parts_, with_validation, threads_),
                                  tags_, options, with_validation ? start_ : nullptr,
                                  start_ != nullptr ? &start_->lasso : nullptr);
  }

  void learn_gate() {
    const Predictors predictors(training_.blocks, tags_, model_options_);
    BlockwisePrediction prediction({predictors.find(Model::als), predictors.find(Model::lasso)},
                                   ratings_, threads_);
    GateSamples samples;
    prediction.run(rows_of(parts_, Part::validation),
                   [&](std::size_t, std::uint32_t row, std::span<const double> values) {
                     samples.add(training_.gate_counts[ratings_.item[row]], values[0], values[1],
                                 ratings_.value[row]);
                   });
    training_.gate = fit_gate(samples, model_options_.gate, &training_.gate_summary);
  }

  std::vector<std::uint32_t> known_counts() const {
    std::vector<std::uint32_t> counts(ratings_.items.size());
    for (std::size_t row = 0; row < parts_.size(); ++row) {
      counts[ratings_.item[row]] += parts_[row] == Part::test ? 0 : 1;
    }
    return counts;
  }

  const Ratings& ratings_;
  const TagMatrix* tags_;
  std::span<const Part> parts_;
  const TrainingOptions& options_;
  BalseOptions model_options_;
  const WarmStart* start_;
  int threads_;
  Training training_;
};

}  // namespace

void TrainingOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 2> kCounts = {"train+validation", "train"};
  model.visit(visitor);
  visitor.enter(GateOptions::kGroup);
  visitor.choice({"counts", "The item counts that the gate sees when it predicts"}, kCounts,
                 gate_counts);
  visitor.enter(BalseOptions::kGroup);
  visitor.flag({"refit", "Fit ALS and LASSO again on train + validation before testing"}, refit);
}

std::string TrainingOptions::validate() const {
  return first_fault(*this);
}

RatingMatrix training_matrix(const Ratings& ratings, std::span<const Part> parts,
                             bool with_validation, int threads) {
  return make_rating_matrix(
      ratings,
      [&](std::size_t row) {
        return parts[row] == Part::train || (with_validation && parts[row] == Part::validation);
      },
      threads);
}

std::vector<std::uint32_t> rows_of(std::span<const Part> parts, Part part) {
  std::vector<std::uint32_t> rows;
  rows.reserve(static_cast<std::size_t>(std::count(parts.begin(), parts.end(), part)));
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == part) {
      rows.push_back(static_cast<std::uint32_t>(row));
    }
  }
  return rows;
}

Training train(const Ratings& ratings, const TagMatrix* tags, std::span<const Part> parts,
               const TrainingOptions& options, const WarmStart* start,
               const std::function<void(const char*)>& progress) {
  return Trainer(ratings, tags, parts, options, start).run(progress);
}

}  // namespace balse
