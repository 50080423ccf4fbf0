#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/model/block.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// Of both blocks of variational Bayesian factorisation; see model/blocks/vb/vb.hpp.
struct VbOptions {
  int factors = 20;
  int sweeps = 24;
  int tag_components = 50;  ///< as many numbers an item as tags are told to the prior by, at most
  std::uint64_t seed = 42;  ///< of the initial factors

 protected:
  void visit_as(const OptionGroup& group, FieldVisitor& visitor);
};

struct VbSummary {
  double train_rmse = 0.0;
  double noise = 0.0;  ///< standard deviation of a typical user's ratings around the predictions
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const { return {}; }
};

/// The tensors of one of the blocks.
struct VbArrays {
  ArraySpec users;          ///< [factors, bias]
  ArraySpec items;          ///< the same; those of unseen items are what their tags say
  ArraySpec user_variance;  ///< of each of these numbers
  ArraySpec item_variance;
  ArraySpec precision;  ///< of each user's ratings: 1 / variance of the noise
  ArraySpec tag_prior;  ///< what a tag adds to an item's prior mean
  /// Rows: prior mean of an item besides its tags; what the popularity feature adds to it, for 1;
  /// variance of an item's prior; prior mean of a user without ratings; variance of theirs.
  ArraySpec priors;
  /// The popularity that an item without ratings is taken to have; the typical precision.
  ArraySpec constants;
};

/// Variational Bayes with everything that speaks of items and users: tags, popularity, and who
/// rates what. The best single block for items that somebody has rated.
struct VbBlock {
  struct Options : VbOptions {
    static constexpr OptionGroup kGroup = {"vb", "Variational Bayes"};
    void visit(FieldVisitor& visitor) { visit_as(kGroup, visitor); }
  };
  using Summary = VbSummary;
  static constexpr std::string_view kName = "vb";
  static constexpr std::string_view kTitle = "variational Bayes";
  static constexpr bool kNeedsTags = false;
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::uint64_t kSeedStream = 4;
  static constexpr std::array<ArraySpec, 8> kArrays = {{
      {.name = "vb.user_factors", .axes = {Axis::user, Axis::latent}},
      {.name = "vb.item_factors", .axes = {Axis::item, Axis::latent}},
      {.name = "vb.user_variance", .axes = {Axis::user, Axis::latent}},
      {.name = "vb.item_variance", .axes = {Axis::item, Axis::latent}},
      {.name = "vb.precision", .axes = {Axis::user}},
      {.name = "vb.tag_prior", .axes = {Axis::tag, Axis::latent}},
      {.name = "vb.priors", .axes = {Axis::none, Axis::latent}, .length = 5},
      {.name = "vb.constants", .length = 2},
  }};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

/// The same for items that nobody has rated: tags and popularity alone, and an unseen item is taken
/// to be as popular as what is rated, not as the obscure items without ratings of the training set.
struct VbNewBlock {
  struct Options : VbOptions {
    static constexpr OptionGroup kGroup = {"vb-new", "Variational Bayes for new items"};
    Options() {
      factors = 10;
      sweeps = 14;
    }
    void visit(FieldVisitor& visitor) { visit_as(kGroup, visitor); }
  };
  using Summary = VbSummary;
  static constexpr std::string_view kName = "vb-new";
  static constexpr std::string_view kTitle = "variational Bayes, new items";
  static constexpr bool kNeedsTags = true;
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::uint64_t kSeedStream = 5;
  static constexpr std::array<ArraySpec, 8> kArrays = {{
      {.name = "vb-new.user_factors", .axes = {Axis::user, Axis::latent}},
      {.name = "vb-new.item_factors", .axes = {Axis::item, Axis::latent}},
      {.name = "vb-new.user_variance", .axes = {Axis::user, Axis::latent}},
      {.name = "vb-new.item_variance", .axes = {Axis::item, Axis::latent}},
      {.name = "vb-new.precision", .axes = {Axis::user}},
      {.name = "vb-new.tag_prior", .axes = {Axis::tag, Axis::latent}},
      {.name = "vb-new.priors", .axes = {Axis::none, Axis::latent}, .length = 5},
      {.name = "vb-new.constants", .length = 2},
  }};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

}  // namespace balse
