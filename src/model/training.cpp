#include "balse/model/training.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/model/blockwise_prediction.hpp"
#include "balse/model/hold_out.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

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
      if (is_wanted(kind)) {
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
    RatingCounts learned_with;
    // Without a blend there is nothing to learn from validation, so the blocks are fitted but once.
    if (!blends_.empty() || !options_.refit) {
      const bool whole_items = holds_out_whole_items();
      const bool as_new =
          learns_from_items() && (options_.cold_items == ColdItems::new_items ||
                                  (options_.cold_items == ColdItems::automatic && whole_items));
      const HeldOut how = whole_items && as_new ? HeldOut::items : HeldOut::ratings;
      Stage stage = fit(parts_, [&](const BlockKind& kind) {
        return is_part(kind, how) || (!options_.refit && is_wanted(kind));
      });
      learned_about_items_alone_ = how == HeldOut::items;
      learned_with = {stage.means->item_count, stage.means->user_count};
      if (how == HeldOut::ratings && as_new) {
        say("items held out");
        learn_from_items();
      }
      say("gate and refit");
      learn_blends(stage, parts_, how);
      if (!options_.refit) {
        take(std::move(stage));
      }
    }
    if (options_.refit) {
      take(fit_all());
    }
    RatingCounts known = known_counts();
    const RatingCounts& seen = options_.gate_counts == GateCounts::train ? learned_with : known;
    for (Learning& blend : blends_) {
      training_.parameters[index_of(blend.kind->model)] =
          blend.fit->finish({.item = seen.item, .user = seen.user});
    }
    training_.item_counts = std::move(known.item);
    return std::move(training_);
  }

 private:
  struct Learning {
    const BlendKind* kind;
    std::unique_ptr<BlendFit> fit;
  };
  struct RatingCounts {
    std::vector<std::uint32_t> item;
    std::vector<std::uint32_t> user;
  };
  /// Blocks fitted on some of the ratings.
  struct Stage {
    std::shared_ptr<const RatingMeans> means;
    FittedParameters parameters;
  };

  std::size_t count(Part part) const {
    return static_cast<std::size_t>(std::count(parts_.begin(), parts_.end(), part));
  }

  /// Whether it is asked for, and can be there.
  bool is_wanted(const ModelKind& kind) const {
    return (tags_ != nullptr || !kind.needs_tags) &&
           (options_.models.empty() ? kind.by_default
                                    : std::find(options_.models.begin(), options_.models.end(),
                                                kind.model) != options_.models.end());
  }

  /// Whether a blend learns what it is worth from what was held out so.
  bool is_part(const BlockKind& kind, HeldOut how) const {
    return std::any_of(blends_.begin(), blends_.end(), [&](const Learning& blend) {
      const bool for_items = has_new_item_parts(*blend.kind);
      for (std::size_t m = 0; m < blend.kind->parts.size(); ++m) {
        // A blend that knows no difference learns from whatever there is.
        if (blend.kind->parts[m] == kind.model &&
            (blend.kind->learned_from[m] == how || !for_items)) {
          return true;
        }
      }
      return false;
    });
  }

  /// What a blend that has learned nothing of rated items predicts them by.
  bool is_first_part(const BlockKind& kind) const {
    return std::any_of(blends_.begin(), blends_.end(), [&](const Learning& blend) {
      return !has_new_item_parts(*blend.kind) ? is_part(kind, HeldOut::ratings)
                                              : blend.kind->parts.front() == kind.model;
    });
  }

  static bool has_new_item_parts(const BlendKind& kind) {
    return std::find(kind.learned_from.begin(), kind.learned_from.end(), HeldOut::items) !=
           kind.learned_from.end();
  }

  bool learns_from_items() const {
    return std::any_of(blends_.begin(), blends_.end(), [&](const Learning& blend) {
      for (std::size_t m = 0; m < blend.kind->parts.size(); ++m) {
        if (blend.kind->learned_from[m] == HeldOut::items &&
            (tags_ != nullptr || !needs_tags(blend.kind->parts[m]))) {
          return true;
        }
      }
      return false;
    });
  }

  bool holds_out_whole_items() const {
    std::vector<bool> trained(ratings_.items.size());
    for (std::size_t row = 0; row < parts_.size(); ++row) {
      if (parts_[row] == Part::train) {
        trained[ratings_.item[row]] = true;
      }
    }
    bool any = false;
    for (std::size_t row = 0; row < parts_.size(); ++row) {
      if (parts_[row] == Part::validation) {
        if (trained[ratings_.item[row]]) {
          return false;
        }
        any = true;
      }
    }
    return any;
  }

  /// Fits the blocks that `needed` picks on the ratings that `parts` calls train.
  template <typename Needed>
  Stage fit(std::span<const Part> parts, const Needed& needed) {
    return fit_on([&](std::size_t row) { return parts[row] == Part::train; }, needed, true);
  }

  Stage fit_all() {
    return fit_on([&](std::size_t row) { return parts_[row] != Part::test; },
                  [&](const BlockKind& kind) {
                    return is_wanted(kind) ||
                           (learned_about_items_alone_ ? is_first_part(kind)
                                                       : is_part(kind, HeldOut::ratings)) ||
                           (learned_about_items_ && is_part(kind, HeldOut::items));
                  },
                  false);
  }

  template <typename Selected, typename Needed>
  Stage fit_on(const Selected& selected, const Needed& needed, bool for_validation) {
    const RatingMatrix known = make_rating_matrix(ratings_, selected, threads_);
    Stage stage{.means = std::make_shared<const RatingMeans>(compute_rating_means(known)),
                .parameters = {}};
    const TrainingSet set = {.ratings = known,
                             .means = *stage.means,
                             .tags = tags_,
                             .threads = threads_,
                             .for_validation = for_validation};
    for (const BlockKind& kind : block_kinds()) {
      if (!kind.arrays.empty() && (tags_ != nullptr || !kind.needs_tags) && needed(kind)) {
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
    std::vector<Part> parts(parts_.begin(), parts_.end());
    for (Part& part : parts) {
      part = part == Part::validation ? Part::train : part;
    }
    hold_out_items(kValidationShare, derive_seed(options_.seed, kItemStream), ratings_, parts);
    const Stage stage = fit(parts, [&](const BlockKind& kind) { return is_new_item_part(kind); });
    learn_blends(stage, parts, HeldOut::items);
  }

  bool is_new_item_part(const BlockKind& kind) const {
    return std::any_of(blends_.begin(), blends_.end(), [&](const Learning& blend) {
      for (std::size_t m = 0; m < blend.kind->parts.size(); ++m) {
        if (blend.kind->parts[m] == kind.model && blend.kind->learned_from[m] == HeldOut::items) {
          return true;
        }
      }
      return false;
    });
  }

  void learn_blends(const Stage& stage, std::span<const Part> parts, HeldOut how) {
    if (blends_.empty()) {
      return;
    }
    learned_about_items_ = learned_about_items_ || how == HeldOut::items;
    const Predictors predictors(model_data(*stage.means), stage.parameters,
                                clipping_of(options_.model, *stage.means));
    // Every part that is there, once for each blend.
    std::vector<Model> models;
    for (const Learning& blend : blends_) {
      for (const Model part : blend.kind->parts) {
        if (predictors.find(part) != nullptr) {
          models.push_back(part);
        }
      }
    }
    BlockwisePrediction prediction(predictors, models, ratings_, threads_);
    std::vector<double> of_parts;
    prediction.run(rows_of(parts, Part::validation), [&](std::size_t, std::uint32_t row,
                                                         std::span<const double> values) {
      const std::uint32_t user = ratings_.user[row];
      const std::uint32_t item = ratings_.item[row];
      PairFacts facts = {.user = user,
                         .item = item,
                         .item_count = stage.means->item_count[item],
                         .user_count = stage.means->user_count[user]};
      std::size_t next = 0;
      for (const Learning& blend : blends_) {
        of_parts.clear();
        for (const Model part : blend.kind->parts) {
          of_parts.push_back(predictors.find(part) != nullptr
                                 ? values[next++]
                                 : std::numeric_limits<double>::quiet_NaN());
        }
        const HeldOut held_out = has_new_item_parts(*blend.kind) ? how : HeldOut::ratings;
        if (!can_learn(*blend.kind, held_out, predictors)) {
          continue;
        }
        facts.deviation = first_deviation(*blend.kind, held_out, predictors, user, item);
        blend.fit->add(held_out, facts, of_parts, ratings_.value[row]);
      }
    });
  }

  /// Whether all parts that tell by what was held out so are fitted, as far as they can be.
  bool can_learn(const BlendKind& kind, HeldOut how, const Predictors& predictors) const {
    for (std::size_t m = 0; m < kind.parts.size(); ++m) {
      if (kind.learned_from[m] == how && predictors.find(kind.parts[m]) == nullptr &&
          (tags_ != nullptr || !needs_tags(kind.parts[m]))) {
        return false;
      }
    }
    return true;
  }

  static double first_deviation(const BlendKind& kind, HeldOut how, const Predictors& predictors,
                                std::uint32_t user, std::uint32_t item) {
    for (std::size_t m = 0; m < kind.parts.size(); ++m) {
      const Block* const part = predictors.find(kind.parts[m]);
      const double deviation = kind.learned_from[m] == how && part != nullptr
                                   ? part->deviation(user, item)
                                   : std::numeric_limits<double>::quiet_NaN();
      if (!std::isnan(deviation)) {
        return deviation;
      }
    }
    return std::numeric_limits<double>::quiet_NaN();
  }

  ModelData model_data(const RatingMeans& means) const {
    ModelData data{.means = means, .unseen_users = options_.model.unseen_users};
    if (tags_ != nullptr) {
      data.tags = *tags_;
    }
    return data;
  }

  RatingCounts known_counts() const {
    RatingCounts counts{std::vector<std::uint32_t>(ratings_.items.size()),
                        std::vector<std::uint32_t>(ratings_.users.size())};
    for (std::size_t row = 0; row < parts_.size(); ++row) {
      counts.item[ratings_.item[row]] += parts_[row] == Part::test ? 0 : 1;
      counts.user[ratings_.user[row]] += parts_[row] == Part::test ? 0 : 1;
    }
    return counts;
  }

  static constexpr std::uint64_t kItemStream = 6;  // of the seed

  const Ratings& ratings_;
  const TagMatrix* tags_;
  std::span<const Part> parts_;
  const TrainingOptions& options_;
  const FittedParameters* start_;
  int threads_;
  Training training_;
  std::vector<Learning> blends_;
  bool learned_about_items_ = false;
  bool learned_about_items_alone_ = false;
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
