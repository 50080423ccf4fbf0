#include "balse/model/training.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/model/hold_out.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/blend_learning.hpp"

namespace balse {
namespace {

/// Whether the validation ratings are all those of some items, which are new then.
bool validates_new_items(const Ratings& ratings, std::span<const Part> parts) {
  std::vector<bool> trained(ratings.items.size());
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Part::train) {
      trained[ratings.item[row]] = true;
    }
  }
  bool any = false;
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] == Part::validation) {
      if (trained[ratings.item[row]]) {
        return false;
      }
      any = true;
    }
  }
  return any;
}

ModelData model_data(const RatingMeans& means, const SideInformation& side,
                     const BalseOptions& options) {
  ModelData data{.means = means, .unseen_users = options.unseen_users};
  if (side.tags != nullptr) {
    data.tags = *side.tags;
  }
  if (side.item_features != nullptr && side.item_features->columns > 0) {
    const FeatureMatrix& features = *side.item_features;
    data.item_features = {features.values.size() / features.columns, features.columns,
                          features.values};
  }
  return data;
}

class Trainer {
 public:
  Trainer(const Ratings& ratings, const SideInformation& side, std::span<const Part> parts,
          const TrainingOptions& options, const FittedParameters* start)
      : ratings_(ratings),
        side_(side),
        parts_(parts),
        options_(options),
        models_(options.models.empty() ? models_by_default() : options.models),
        start_(start),
        threads_(resolve_threads(options.threads)),
        blends_(models_, side.tags != nullptr, options.model, training_) {}

  Training run(const std::function<void(const char*)>& progress) {
    const auto say = [&](const char* what) {
      if (progress) {
        progress(what);
      }
    };
    training_.train_rows = count(Part::train);
    training_.validation_rows = count(Part::validation);
    say("fit");
    std::shared_ptr<const RatingMeans> learned_with;
    // Without a blend there is nothing to learn from validation, so the blocks are fitted but once.
    if (!blends_.empty() || !options_.refit) {
      const bool whole_items = validates_new_items(ratings_, parts_);
      const bool as_new = blends_.tells_new_items() &&
                          (options_.cold_items == ColdItems::new_items ||
                           (options_.cold_items == ColdItems::automatic && whole_items));
      const HeldOut how = whole_items && as_new ? HeldOut::items : HeldOut::ratings;
      Stage stage = fit(parts_, true, [&](const BlockKind& kind) {
        const bool stays = !options_.refit;
        return blends_.needs(kind, how) ||
               (stays && (is_wanted(kind.model) || blends_.needs(kind, HeldOut::ratings) ||
                          (as_new && blends_.needs(kind, HeldOut::items))));
      });
      learned_with = stage.means;
      if (how == HeldOut::ratings && as_new) {
        say("items held out");
        learn_from_items();
      }
      say("gate and refit");
      learn(how, stage, parts_);
      if (!options_.refit) {
        take(std::move(stage));
      }
    }
    if (options_.refit) {
      take(fit(parts_with_validation(), false, [&](const BlockKind& kind) {
        return is_wanted(kind.model) || blends_.predicts_by(kind);
      }));
    }
    finish(learned_with.get());
    return std::move(training_);
  }

 private:
  /// Blocks fitted on some of the ratings.
  struct Stage {
    std::shared_ptr<const RatingMeans> means;
    FittedParameters parameters;
  };

  std::size_t count(Part part) const {
    return static_cast<std::size_t>(std::count(parts_.begin(), parts_.end(), part));
  }

  bool is_wanted(Model model) const {
    return std::find(models_.begin(), models_.end(), model) != models_.end();
  }

  std::vector<Part> parts_with_validation() const {
    std::vector<Part> parts(parts_.begin(), parts_.end());
    std::replace(parts.begin(), parts.end(), Part::validation, Part::train);
    return parts;
  }

  /// Fits the blocks that `needed` picks on the ratings that `parts` calls train.
  template <typename Needed>
  Stage fit(std::span<const Part> parts, bool for_validation, const Needed& needed) {
    const RatingMatrix known = make_rating_matrix(
        ratings_, [&](std::size_t row) { return parts[row] == Part::train; }, threads_);
    Stage stage{.means = std::make_shared<const RatingMeans>(compute_rating_means(known)),
                .parameters = {}};
    const TrainingSet set = {.ratings = known,
                             .means = *stage.means,
                             .tags = side_.tags,
                             .user_features = side_.user_features,
                             .item_features = side_.item_features,
                             .threads = threads_,
                             .for_validation = for_validation,
                             .for_predictions_alone = options_.for_predictions_alone ||
                                                      (for_validation && options_.refit)};
    for (const BlockKind& kind : block_kinds()) {
      if (!kind.arrays.empty() && (side_.tags != nullptr || !kind.needs_tags) && needed(kind)) {
        stage.parameters[index_of(kind.model)] =
            kind.fit(set, options_.model,
                     start_ != nullptr ? (*start_)[index_of(kind.model)] : Parameters(), training_);
      }
    }
    return stage;
  }

  void take(Stage stage) {
    training_.means = std::move(stage.means);
    training_.parameters = std::move(stage.parameters);
  }

  /// Fits once more, without all ratings of some items: what is new is learned about from them.
  void learn_from_items() {
    std::vector<Part> parts = parts_with_validation();
    hold_out_items(kValidationShare, derive_seed(options_.seed, kItemStream), ratings_, parts);
    learn(HeldOut::items,
          fit(parts, true,
              [&](const BlockKind& kind) { return blends_.needs(kind, HeldOut::items); }),
          parts);
  }

  void learn(HeldOut how, const Stage& stage, std::span<const Part> parts) {
    const Predictors predictors(model_data(*stage.means, side_, options_.model), stage.parameters,
                                clipping_of(options_.model, *stage.means));
    blends_.learn(how, predictors, *stage.means, ratings_, rows_of(parts, Part::validation),
                  threads_);
  }

  /// Blends see the counts of what the blocks know, or with --gate-counts train of what they were
  /// learned with.
  void finish(const RatingMeans* learned_with) {
    std::vector<std::uint32_t> of_items(ratings_.items.size());
    std::vector<std::uint32_t> of_users(ratings_.users.size());
    for (std::size_t row = 0; row < parts_.size(); ++row) {
      of_items[ratings_.item[row]] += is_known(parts_[row]) ? 1 : 0;
      of_users[ratings_.user[row]] += is_known(parts_[row]) ? 1 : 0;
    }
    if (options_.gate_counts == GateCounts::train && learned_with != nullptr) {
      blends_.finish({.item = learned_with->item_count, .user = learned_with->user_count},
                     training_.parameters);
    } else {
      blends_.finish({.item = of_items, .user = of_users}, training_.parameters);
    }
    training_.item_counts = std::move(of_items);
  }

  static constexpr std::uint64_t kItemStream = 6;  // of the seed

  const Ratings& ratings_;
  const SideInformation side_;
  std::span<const Part> parts_;
  const TrainingOptions& options_;
  std::vector<Model> models_;
  const FittedParameters* start_;
  int threads_;
  Training training_;
  BlendLearning blends_;
};

}  // namespace

void TrainingOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 2> kCounts = {"train+validation", "train"};
  static constexpr std::array<std::string_view, 3> kColdItems = {"auto", "new", "as-sampled"};
  model.visit(visitor);
  visitor.enter(GateOptions::kGroup);
  visitor.choice({"counts", "The item counts that the gate sees when it predicts"}, kCounts,
                 gate_counts);
  visitor.enter(BalseOptions::kGroup);
  visitor.flag({"refit", "Fit the blocks again on train + validation before testing"}, refit);
  visitor.choice({"cold-items",
                  "What BALSE+ takes items without ratings for: new, announced today; as-sampled, "
                  "obscure ones; auto, what the protocol holds out (new in fit)"},
                 kColdItems, cold_items);
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

Predictors Training::predictors(const SideInformation& side, const BalseOptions& options) const {
  return {model_data(*means, side, options), parameters, clipping_of(options, *means)};
}

Training train(const Ratings& ratings, const SideInformation& side, std::span<const Part> parts,
               const TrainingOptions& options, const FittedParameters* start,
               const std::function<void(const char*)>& progress) {
  return Trainer(ratings, side, parts, options, start).run(progress);
}

}  // namespace balse
