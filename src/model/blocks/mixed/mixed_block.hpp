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
#include "balse/support/fixed_text.hpp"

namespace balse {

/// Of all blocks of mixed-effects regression; see model/blocks/mixed/mixed.hpp.
struct MixedOptions {
  int sweeps = 5;
  int tag_components = 50;      ///< as many numbers an item as users have coefficients of, at most
  int feature_components = 20;  ///< the same of items' features

 protected:
  void visit_as(const OptionGroup& group, FieldVisitor& visitor);
};

struct MixedSummary {
  double train_rmse = 0.0;
  std::size_t features = 0;
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const { return {}; }

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("train_rmse", train_rmse);
    visitor("features", features);
    visitor("seconds", seconds);
  }
};

/// What distinguishes the blocks. A user's coefficients are those of [1, components of the tags,
/// popularity, similarity, components of items' features], as far as the block has them.
struct MixedVariant {
  std::span<const ArraySpec> arrays;
  bool offsets;        ///< what is fitted is what user and item offsets leave over
  bool popularity;     ///< the item's
  bool similar_items;  ///< the company that the item keeps: who rates it rates what else
  double start_precision;

  const ArraySpec& weights() const { return arrays[0]; }
  const ArraySpec& usual() const { return arrays[1]; }  ///< of a user without ratings
  const ArraySpec& basis() const { return arrays[2]; }  ///< of tags to components
  // What the posterior of a user's coefficients is made of, also of users who are folded in: of the
  // standardised features, the precision of the prior, their means and deviations; and alpha.
  // Missing in older files.
  const ArraySpec& precision() const { return arrays[arrays.size() - 3]; }
  const ArraySpec& spread() const { return arrays[arrays.size() - 2]; }
  const ArraySpec& noise() const { return arrays[arrays.size() - 1]; }
  /// By component of items' features, 1 where it is one of the block's, which come first, and 0
  /// otherwise. Missing without features.
  const ArraySpec& components() const { return arrays[arrays.size() - 4]; }
  // Those that only some have.
  const ArraySpec& user_offset() const { return arrays[3]; }
  const ArraySpec& item_offset() const { return arrays[4]; }
  const ArraySpec& similarity() const { return arrays[3]; }

  Parameters fit(const TrainingSet& set, const MixedOptions& options, MixedSummary& summary) const;
  Parameters fold_in(const Parameters& parameters, const FoldInSet& set) const;
  std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data) const;
  std::vector<Figure> describe(const Parameters& parameters) const;
  /// Whether there are as many coefficients as features.
  bool sound(const Parameters& parameters) const;

  /// Of the block's features, those of items' features.
  std::size_t component_count(const Parameters& parameters) const;
};

/// The tensors that every one of the blocks has.
template <FixedText kBlock>
inline constexpr std::array<ArraySpec, 3> kMixedArrays = {{
    {.name = kJoined<kBlock, ".weights">, .axes = {Axis::user, Axis::latent}},
    {.name = kJoined<kBlock, ".usual">, .axes = {Axis::none, Axis::latent}, .length = 1},
    {.name = kJoined<kBlock, ".tag_basis">, .axes = {Axis::tag, Axis::free}},
}};

template <FixedText kBlock>
inline constexpr std::array<ArraySpec, 4> kMixedPriorArrays = {{
    {.name = kJoined<kBlock, ".components">, .axes = {Axis::component}, .optional = true},
    {.name = kJoined<kBlock, ".precision">, .axes = {Axis::latent, Axis::latent}, .optional = true},
    {.name = kJoined<kBlock, ".spread">,
     .axes = {Axis::none, Axis::latent},
     .length = 2,
     .optional = true},
    {.name = kJoined<kBlock, ".noise">, .length = 1, .optional = true},
}};

/// `Described`, which derives from it, adds kArrays and kVariant.
template <FixedText kBlock, typename Described>
struct MixedBlockOf {
  using Summary = MixedSummary;
  static constexpr std::string_view kName = {kBlock.text, kBlock.length()};
  static constexpr bool kNeedsTags = true;
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr const std::array<ArraySpec, 3>& kCommon = kMixedArrays<kBlock>;
  static constexpr const std::array<ArraySpec, 4>& kPrior = kMixedPriorArrays<kBlock>;

  static Parameters fit(const TrainingSet& set, const MixedOptions& options,
                        const Parameters& /*start*/, Summary& summary) {
    return Described::kVariant.fit(set, options, summary);
  }
  static Parameters fold_in(const Parameters& parameters, const FoldInSet& set,
                            const MixedOptions& /*options*/) {
    return Described::kVariant.fold_in(parameters, set);
  }
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data) {
    return Described::kVariant.open(parameters, data);
  }
  static std::vector<Figure> describe(const Parameters& parameters) {
    return Described::kVariant.describe(parameters);
  }
  static bool sound(const Parameters& parameters) { return Described::kVariant.sound(parameters); }
};

/// A rating as a linear function of the item's tags, and of nothing else. Every rating weighs
/// alike, so that it knows what is watched, not what lies in the catalogue: the strongest single
/// block for items that nobody has rated.
struct MixedBlock : MixedBlockOf<"mixed", MixedBlock> {
  struct Options : MixedOptions {
    Options() { sweeps = 6; }
    void visit(FieldVisitor& visitor) { visit_as({"mixed", "Mixed effects"}, visitor); }
  };
  static constexpr std::string_view kTitle = "mixed effects";
  static constexpr std::array<ArraySpec, 7> kArrays = {
      {kCommon[0], kCommon[1], kCommon[2], kPrior[0], kPrior[1], kPrior[2], kPrior[3]}};
  static constexpr MixedVariant kVariant = {.arrays = kArrays,
                                            .offsets = false,
                                            .popularity = false,
                                            .similar_items = false,
                                            .start_precision = 80.0};
};

/// The same of what the user and item offsets leave over, with the item's popularity.
struct MixedBiasBlock : MixedBlockOf<"mixed-bias", MixedBiasBlock> {
  struct Options : MixedOptions {
    void visit(FieldVisitor& visitor) {
      visit_as({"mixed-bias", "Mixed effects on offsets"}, visitor);
    }
  };
  static constexpr std::string_view kTitle = "mixed effects on offsets";
  static constexpr std::array<ArraySpec, 9> kArrays = {
      {kCommon[0],
       kCommon[1],
       kCommon[2],
       {.name = "mixed-bias.user", .axes = {Axis::user}},
       {.name = "mixed-bias.item", .axes = {Axis::item}},
       kPrior[0],
       kPrior[1],
       kPrior[2],
       kPrior[3]}};
  static constexpr MixedVariant kVariant = {.arrays = kArrays,
                                            .offsets = true,
                                            .popularity = true,
                                            .similar_items = false,
                                            .start_precision = 20.0};
};

/// The same with the item's popularity and the company it keeps.
struct MixedSimilarBlock : MixedBlockOf<"mixed-similar", MixedSimilarBlock> {
  struct Options : MixedOptions {
    Options() { sweeps = 6; }
    void visit(FieldVisitor& visitor) {
      visit_as({"mixed-similar", "Mixed effects with similar items"}, visitor);
    }
  };
  static constexpr std::string_view kTitle = "mixed effects, similar items";
  static constexpr std::array<ArraySpec, 8> kArrays = {
      {kCommon[0],
       kCommon[1],
       kCommon[2],
       {.name = "mixed-similar.similarity", .axes = {Axis::item, Axis::free}},
       kPrior[0],
       kPrior[1],
       kPrior[2],
       kPrior[3]}};
  static constexpr MixedVariant kVariant = {.arrays = kArrays,
                                            .offsets = false,
                                            .popularity = true,
                                            .similar_items = true,
                                            .start_precision = 20.0};
};

}  // namespace balse
