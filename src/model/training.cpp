#include "balse/model/training.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/model/blockwise_prediction.hpp"
#include "balse/support/parallel.hpp"

namespace balse {
namespace {

class Trainer {
 public:
  Trainer(const Ratings& ratings, const TagMatrix* tags, std::span<const Part> parts,
          const TrainingOptions& options, const FittedParameters* start)
      : ratings_(ratings),
        tags_(tags),
        parts_(parts),
        options_(options),
        start_(start),
        threads_(resolve_threads(options.threads)) {
    for (const BlendKind& kind : blend_kinds()) {
      if (tags_ != nullptr || !needs_tags(kind.model)) {
        blends_.push_back({&kind, kind.fit(options.model, training_)});
      }
    }
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
    std::vector<std::uint32_t> train_counts;
    // Without a blend there is nothing to learn from validation, so the blocks are fitted but once.
    if (!blends_.empty() || !options_.refit) {
      fit(false);
      train_counts = training_.means->item_count;
      say("gate and refit");
      learn_blends(train_counts);
    }
    if (options_.refit) {
      training_.parameters = {};  // its memory is needed
      fit(true);
    }
    training_.item_counts = options_.refit ? training_.means->item_count : known_counts();
    const auto& seen =
        options_.gate_counts == GateCounts::train ? train_counts : training_.item_counts;
    for (Learning& blend : blends_) {
      training_.parameters[index_of(blend.kind->model)] = blend.fit->finish(seen);
    }
    return std::move(training_);
  }

 private:
  struct Learning {
    const BlendKind* kind;
    std::unique_ptr<BlendFit> fit;
  };

  std::size_t count(Part part) const {
    return static_cast<std::size_t>(std::count(parts_.begin(), parts_.end(), part));
  }

  RatingMatrix matrix(bool with_validation) const {
    return make_rating_matrix(
        ratings_,
        [&](std::size_t row) {
          return parts_[row] == Part::train || (with_validation && parts_[row] == Part::validation);
        },
        threads_);
  }

  // The fit that blends are learned from is of their parts alone, unless it is the last one.
  bool is_needed(const BlockKind& kind, bool last) const {
    const auto is_part = [&](const Learning& blend) {
      return std::find(blend.kind->parts.begin(), blend.kind->parts.end(), kind.model) !=
             blend.kind->parts.end();
    };
    return !kind.arrays.empty() && (tags_ != nullptr || !kind.needs_tags) &&
           (last || std::any_of(blends_.begin(), blends_.end(), is_part));
  }

  void fit(bool with_validation) {
    const RatingMatrix known = matrix(with_validation);
    training_.means = std::make_shared<const RatingMeans>(compute_rating_means(known));
    const TrainingSet set = {.ratings = known,
                             .means = *training_.means,
                             .tags = tags_,
                             .threads = threads_,
                             .for_validation = !with_validation};
    for (const BlockKind& kind : block_kinds()) {
      if (is_needed(kind, with_validation || !options_.refit)) {
        training_.parameters[index_of(kind.model)] =
            kind.fit(set, options_.model,
                     start_ != nullptr ? (*start_)[index_of(kind.model)] : Parameters(), training_);
      }
    }
  }

  void learn_blends(const std::vector<std::uint32_t>& counts) {
    if (blends_.empty()) {
      return;
    }
    std::vector<Model> models;
    for (const Learning& blend : blends_) {
      models.insert(models.end(), blend.kind->parts.begin(), blend.kind->parts.end());
    }
    const Predictors predictors = training_.predictors(tags_, options_.model);
    BlockwisePrediction prediction(predictors, models, ratings_, threads_);
    prediction.run(rows_of(parts_, Part::validation),
                   [&](std::size_t, std::uint32_t row, std::span<const double> values) {
                     const std::uint32_t item = ratings_.item[row];
                     for (const Learning& blend : blends_) {
                       const std::size_t width = blend.kind->parts.size();
                       blend.fit->add({ratings_.user[row], item, counts[item]}, values.first(width),
                                      ratings_.value[row]);
                       values = values.subspan(width);
                     }
                   });
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
  const FittedParameters* start_;
  int threads_;
  Training training_;
  std::vector<Learning> blends_;
};

}  // namespace

void TrainingOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 2> kCounts = {"train+validation", "train"};
  model.visit(visitor);
  visitor.enter(GateOptions::kGroup);
  visitor.choice({"counts", "The item counts that the gate sees when it predicts"}, kCounts,
                 gate_counts);
  visitor.enter(BalseOptions::kGroup);
  visitor.flag({"refit", "Fit the blocks again on train + validation before testing"}, refit);
}

std::string TrainingOptions::validate() const {
  return first_fault(*this);
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

Clipping clipping_of(const BalseOptions& options, const RatingMeans& means) {
  return {
      .what = options.clip,
      .range = options.clip_range.value_or(ClipRange{.low = means.lowest, .high = means.highest})};
}

Predictors Training::predictors(const TagMatrix* tags, const BalseOptions& options) const {
  ModelData data{.means = *means, .unseen_users = options.unseen_users};
  if (tags != nullptr) {
    data.tags = *tags;
  }
  return {data, parameters, clipping_of(options, *means)};
}

Training train(const Ratings& ratings, const TagMatrix* tags, std::span<const Part> parts,
               const TrainingOptions& options, const FittedParameters* start,
               const std::function<void(const char*)>& progress) {
  return Trainer(ratings, tags, parts, options, start).run(progress);
}

}  // namespace balse
