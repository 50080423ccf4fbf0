#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "balse/model/block_kind.hpp"
#include "balse/model/model_options.hpp"

namespace balse {

/// The fitted parameters of every block and blend, by index_of(Model); empty where one was not
/// fitted, or has none.
using FittedParameters = std::array<Parameters, kModels.size()>;

/// Which predictions are cut to which range.
struct Clipping {
  Clip what = Clip::lasso;
  ClipRange range;

  bool applies_to(Model model) const;
};

/// The predictors of one fitted training set: all blocks and blends that it can have.
class Predictors {
 public:
  /// What `data` views must outlive it; the parameters are shared.
  Predictors(const ModelData& data, const FittedParameters& parameters, const Clipping& clipping);

  /// Null where the model is not there: what needs tags without them, what was not fitted, a blend
  /// of such.
  const Block* find(Model model) const { return blocks_[index_of(model)].get(); }
  /// The same before anything is cut to a range: what ranks without ties at its ends.
  const Block* find_unclipped(Model model) const { return unclipped_[index_of(model)]; }
  /// The blend itself; null where it is not there, or is no blend.
  const Blend* blend(Model model) const { return blends_[index_of(model)].get(); }
  const Clipping& clipping() const { return clipping_; }

  /// What the program recommends by: the last blend that is there, else ALS.
  Model best() const;
  /// The parts of a blend, otherwise the model alone.
  static std::span<const Model> parts_of(Model model);
  /// The weight of one part in what a blend predicts; 1 of a model that is no blend.
  double weight(Model model, Model part, std::uint32_t user, std::uint32_t item) const;

 private:
  void set(Model model, std::unique_ptr<Block> block);

  Clipping clipping_;
  std::array<std::unique_ptr<Block>, kModels.size()> blocks_;
  std::array<const Block*, kModels.size()> unclipped_ = {};
  std::array<std::unique_ptr<Blend>, kModels.size()> blends_;
};

/// Predicts by several models at once, and asks each block once: blends are made of what their
/// parts have said already. One for each thread.
class JointPrediction {
 public:
  /// All `models` are there.
  JointPrediction(const Predictors& predictors, const std::vector<Model>& models);

  /// out has an element for each model, in their order; the same bits as Block::predict().
  void predict(std::uint32_t user, std::uint32_t item, std::span<double> out);

  /// The same numbers as Block::predict_items().
  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     PredictionScratch& scratch);
  /// What it predicted last by model k.
  std::span<const double> column(std::size_t k) const { return columns_[places_[k]]; }

 private:
  struct Mixture {
    const Blend* blend;
    std::vector<std::size_t> parts;  // columns, or kNoColumn
    std::size_t column;
    bool clipped;
  };

  static constexpr std::size_t kNoColumn = static_cast<std::size_t>(-1);

  std::size_t column_of(Model model);
  void mix(std::uint32_t user, std::span<const std::uint32_t> items);

  const Predictors& predictors_;
  std::vector<Model> columns_of_;
  std::vector<const Block*> blocks_;  // by column; null for a blend
  std::vector<Mixture> mixtures_;
  std::vector<std::size_t> places_;  // the columns of the models asked for
  std::vector<std::vector<double>> columns_;
};

}  // namespace balse
