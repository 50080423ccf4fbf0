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

/// Of all blocks of mixed-effects regression; see model/blocks/mixed/mixed.hpp.
struct MixedOptions {
  int sweeps = 5;
  int tag_components = 50;  ///< as many numbers an item as users have coefficients of, at most

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
};

/// What a user's rating is a linear function of: of the item's tags, and of nothing else. Every
/// rating weighs alike, so that it knows what is watched, not what lies in the catalogue: the
/// strongest single block for items that nobody has rated.
struct MixedBlock {
  struct Options : MixedOptions {
    static constexpr OptionGroup kGroup = {"mixed", "Mixed effects"};
    Options() { sweeps = 6; }
    void visit(FieldVisitor& visitor) { visit_as(kGroup, visitor); }
  };
  using Summary = MixedSummary;
  static constexpr std::string_view kName = "mixed";
  static constexpr std::string_view kTitle = "mixed effects";
  static constexpr bool kNeedsTags = true;
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::array<ArraySpec, 3> kArrays = {{
      {.name = "mixed.weights", .axes = {Axis::user, Axis::latent}},
      {.name = "mixed.usual", .axes = {Axis::none, Axis::latent}, .length = 1},
      {.name = "mixed.tag_basis", .axes = {Axis::tag, Axis::free}},
  }};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

/// The same of what the user and item offsets leave over, with the item's popularity.
struct MixedBiasBlock {
  struct Options : MixedOptions {
    static constexpr OptionGroup kGroup = {"mixed-bias", "Mixed effects on offsets"};
    void visit(FieldVisitor& visitor) { visit_as(kGroup, visitor); }
  };
  using Summary = MixedSummary;
  static constexpr std::string_view kName = "mixed-bias";
  static constexpr std::string_view kTitle = "mixed effects on offsets";
  static constexpr bool kNeedsTags = true;
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::array<ArraySpec, 5> kArrays = {{
      {.name = "mixed-bias.weights", .axes = {Axis::user, Axis::latent}},
      {.name = "mixed-bias.usual", .axes = {Axis::none, Axis::latent}, .length = 1},
      {.name = "mixed-bias.tag_basis", .axes = {Axis::tag, Axis::free}},
      {.name = "mixed-bias.user", .axes = {Axis::user}},
      {.name = "mixed-bias.item", .axes = {Axis::item}},
  }};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

/// The same with the item's popularity and the company it keeps: who rates it rates what else.
struct MixedSimilarBlock {
  struct Options : MixedOptions {
    static constexpr OptionGroup kGroup = {"mixed-similar", "Mixed effects with similar items"};
    Options() { sweeps = 6; }
    void visit(FieldVisitor& visitor) { visit_as(kGroup, visitor); }
  };
  using Summary = MixedSummary;
  static constexpr std::string_view kName = "mixed-similar";
  static constexpr std::string_view kTitle = "mixed effects, similar items";
  static constexpr bool kNeedsTags = true;
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::array<ArraySpec, 4> kArrays = {{
      {.name = "mixed-similar.weights", .axes = {Axis::user, Axis::latent}},
      {.name = "mixed-similar.usual", .axes = {Axis::none, Axis::latent}, .length = 1},
      {.name = "mixed-similar.tag_basis", .axes = {Axis::tag, Axis::free}},
      {.name = "mixed-similar.similarity", .axes = {Axis::item, Axis::free}},
  }};

  static Parameters fit(const TrainingSet& set, const Options& options, const Parameters& start,
                        Summary& summary);
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data);
  static std::vector<Figure> describe(const Parameters& parameters);
};

}  // namespace balse
