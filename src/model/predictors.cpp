#include "balse/model/predictors.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string_view>
#include <utility>

namespace balse {
namespace {

class ClippedBlock final : public Block {
 public:
  ClippedBlock(std::unique_ptr<Block> block, ClipRange range)
      : block_(std::move(block)), range_(range) {}

  double predict(std::uint32_t user, std::uint32_t item) const override {
    return std::clamp(block_->predict(user, item), range_.low, range_.high);
  }
  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    block_->predict_items(user, items, out, scratch);
    for (double& value : out) {
      value = std::clamp(value, range_.low, range_.high);
    }
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return block_->fallback(user, item);
  }
  Reasons reasons(std::uint32_t user, std::uint32_t item) const override {
    return block_->reasons(user, item);
  }
  std::vector<Term> taste(std::uint32_t user, std::span<const std::uint32_t> rated) const override {
    return block_->taste(user, rated);
  }
  std::vector<double> factor_shares(std::uint32_t user, std::uint32_t item,
                                    const RatedItems& rated) const override {
    return block_->factor_shares(user, item, rated);
  }
  double deviation(std::uint32_t user, std::uint32_t item) const override {
    return block_->deviation(user, item);
  }

 private:
  std::unique_ptr<Block> block_;
  ClipRange range_;
};

/// A blend that predicts by itself. A pair that one of the parts knows is no fallback: that is what
/// the blend is there for.
class BlendBlock final : public Block {
 public:
  BlendBlock(const Blend& blend, std::vector<const Block*> parts)
      : blend_(blend), parts_(std::move(parts)) {}

  double predict(std::uint32_t user, std::uint32_t item) const override {
    std::array<double, kMostParts> values;
    std::array<std::span<const double>, kMostParts> columns;
    for (std::size_t m = 0; m < parts_.size(); ++m) {
      if (parts_[m] != nullptr) {
        values[m] = parts_[m]->predict(user, item);
        columns[m] = {&values[m], 1};
      }
    }
    double result = 0.0;
    blend_.combine(user, {&item, 1}, std::span(columns).first(parts_.size()), {&result, 1});
    return result;
  }

  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    scratch.columns.resize(std::max(scratch.columns.size(), parts_.size()));
    std::array<std::span<const double>, kMostParts> columns;
    for (std::size_t m = 0; m < parts_.size(); ++m) {
      if (parts_[m] == nullptr) {
        continue;
      }
      std::vector<double>& column = scratch.columns[m];
      column.resize(std::max(column.size(), items.size()));
      parts_[m]->predict_items(user, items, std::span(column).first(items.size()), scratch);
      columns[m] = std::span(column).first(items.size());
    }
    blend_.combine(user, items, std::span(columns).first(parts_.size()), out);
  }

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    Fallback fallback = Fallback::none;
    for (const Block* part : parts_) {
      fallback = part != nullptr ? part->fallback(user, item) : fallback;
      if (part != nullptr && fallback == Fallback::none) {
        break;
      }
    }
    return fallback;
  }

  Reasons reasons(std::uint32_t user, std::uint32_t item) const override {
    Reasons reasons;
    if (!blend_.adds_up()) {
      return reasons;
    }
    std::array<double, kMostParts> weights = {};
    reasons.constant = blend_.weights(user, item, std::span(weights).first(parts_.size()));
    for (std::size_t m = 0; m < parts_.size(); ++m) {
      if (parts_[m] != nullptr && weights[m] != 0.0) {
        reasons.add(weights[m], reasons_of(*parts_[m], user, item));
      }
    }
    std::stable_sort(reasons.terms.begin(), reasons.terms.end(),
                     [](const Term& left, const Term& right) {
                       return left.of != right.of ? left.of < right.of : left.index < right.index;
                     });
    reasons.known = true;
    return reasons;
  }

  /// What tags are worth to the user where nothing else is known of an item.
  std::vector<Term> taste(std::uint32_t user, std::span<const std::uint32_t> rated) const override {
    Reasons all;
    if (blend_.adds_up()) {
      std::array<double, kMostParts> weights = {};
      blend_.weights(user, kNoItem, std::span(weights).first(parts_.size()));
      for (std::size_t m = 0; m < parts_.size(); ++m) {
        if (parts_[m] != nullptr && weights[m] != 0.0) {
          Reasons of_part;
          of_part.terms = parts_[m]->taste(user, rated);
          for (Term& term : of_part.terms) {
            term.value = term.coefficient;  // so that it is added
          }
          all.add(weights[m], of_part);
        }
      }
    }
    std::stable_sort(all.terms.begin(), all.terms.end(),
                     [](const Term& left, const Term& right) { return left.index < right.index; });
    for (Term& term : all.terms) {
      term.value = 0.0;
    }
    return all.terms;
  }

  double deviation(std::uint32_t user, std::uint32_t item) const override {
    std::size_t part = 0;
    const double factor = blend_.deviation_factor(user, item, part);
    return std::isnan(factor) || parts_[part] == nullptr
               ? factor
               : factor * parts_[part]->deviation(user, item);
  }

 private:
  static constexpr std::uint32_t kNoItem = UINT32_MAX;

  /// What a part says adds up to what it predicts, cut or not; one that cannot say speaks of what
  /// no one has a word for.
  static Reasons reasons_of(const Block& part, std::uint32_t user, std::uint32_t item) {
    Reasons reasons = part.reasons(user, item);
    const double prediction = part.predict(user, item);
    if (!reasons.known) {
      reasons.add({.of = Term::Of::factors, .coefficient = prediction, .value = prediction});
      return reasons;
    }
    const double cut = prediction - reasons.total();
    if (std::abs(cut) > kRounding) {
      reasons.add({.of = Term::Of::cut, .coefficient = cut, .value = cut});
    }
    return reasons;
  }
  static constexpr double kRounding = 1e-9;

  const Blend& blend_;
  std::vector<const Block*> parts_;
};

}  // namespace

double Blend::deviation_factor(std::uint32_t /*user*/, std::uint32_t /*item*/,
                               std::size_t& /*part*/) const {
  return std::numeric_limits<double>::quiet_NaN();
}

bool Clipping::applies_to(Model model) const {
  return what == Clip::all || (what == Clip::lasso && model_kinds()[index_of(model)]->clipped);
}

Predictors::Predictors(const ModelData& data, const FittedParameters& parameters,
                       const Clipping& clipping)
    : clipping_(clipping) {
  for (const BlockKind& kind : block_kinds()) {
    const Parameters& fitted = parameters[index_of(kind.model)];
    if ((kind.arrays.empty() || !fitted.empty()) && (!kind.needs_tags || data.tags)) {
      set(kind.model, kind.open(fitted, data));
    }
  }
  for (const BlendKind& kind : blend_kinds()) {
    if (parameters[index_of(kind.model)].empty() || (kind.needs_tags && !data.tags)) {
      continue;
    }
    std::unique_ptr<Blend> blend = kind.open(parameters[index_of(kind.model)]);
    std::vector<const Block*> parts;
    bool complete = true;
    for (std::size_t m = 0; m < kind.parts.size(); ++m) {
      // A part that is there and not used is not asked.
      parts.push_back(blend->uses(m) ? find(kind.parts[m]) : nullptr);
      complete = complete && (parts.back() != nullptr || !blend->uses(m));
    }
    if (complete) {
      blends_[index_of(kind.model)] = std::move(blend);
      set(kind.model,
          std::make_unique<BlendBlock>(*blends_[index_of(kind.model)], std::move(parts)));
    }
  }
}

void Predictors::set(Model model, std::unique_ptr<Block> block) {
  unclipped_[index_of(model)] = block.get();
  if (clipping_.applies_to(model)) {
    block = std::make_unique<ClippedBlock>(std::move(block), clipping_.range);
  }
  blocks_[index_of(model)] = std::move(block);
}

Model Predictors::best() const {
  Model best = Model::als;
  for (const BlendKind& kind : blend_kinds()) {
    best = find(kind.model) != nullptr ? kind.model : best;
  }
  return best;
}

std::span<const Model> Predictors::parts_of(Model model) {
  for (const BlendKind& kind : blend_kinds()) {
    if (kind.model == model) {
      return kind.parts;
    }
  }
  return std::span(kModels).subspan(index_of(model), 1);
}

double Predictors::weight(Model model, Model part, std::uint32_t user, std::uint32_t item) const {
  const std::span<const Model> parts = parts_of(model);
  const auto at = std::find(parts.begin(), parts.end(), part);
  if (at == parts.end() || blend(model) == nullptr) {
    return at == parts.end() ? 0.0 : 1.0;
  }
  std::array<double, kMostParts> weights;
  blend(model)->weights(user, item, std::span(weights).first(parts.size()));
  return weights[static_cast<std::size_t>(at - parts.begin())];
}

JointPrediction::JointPrediction(const Predictors& predictors, const std::vector<Model>& models)
    : predictors_(predictors) {
  for (const Model model : models) {
    places_.push_back(column_of(model));
  }
  columns_.resize(blocks_.size());
}

std::size_t JointPrediction::column_of(Model model) {
  const auto known = std::find(columns_of_.begin(), columns_of_.end(), model);
  if (known != columns_of_.end()) {
    return static_cast<std::size_t>(known - columns_of_.begin());
  }
  const Blend* const blend = predictors_.blend(model);
  std::vector<std::size_t> parts;
  if (blend != nullptr) {
    const std::span<const Model> all = Predictors::parts_of(model);
    for (std::size_t m = 0; m < all.size(); ++m) {
      parts.push_back(blend->uses(m) ? column_of(all[m]) : kNoColumn);
    }
  }
  const std::size_t column = columns_of_.size();
  columns_of_.push_back(model);
  blocks_.push_back(blend != nullptr ? nullptr : predictors_.find(model));
  if (blend != nullptr) {
    mixtures_.push_back(
        {blend, std::move(parts), column, predictors_.clipping().applies_to(model)});
  }
  return column;
}

void JointPrediction::mix(std::uint32_t user, std::span<const std::uint32_t> items) {
  for (const Mixture& mixture : mixtures_) {
    std::array<std::span<const double>, kMostParts> parts;
    for (std::size_t m = 0; m < mixture.parts.size(); ++m) {
      if (mixture.parts[m] != kNoColumn) {
        parts[m] = columns_[mixture.parts[m]];
      }
    }
    std::vector<double>& out = columns_[mixture.column];
    mixture.blend->combine(user, items, std::span(parts).first(mixture.parts.size()), out);
    if (mixture.clipped) {
      const ClipRange& range = predictors_.clipping().range;
      for (double& value : out) {
        value = std::clamp(value, range.low, range.high);
      }
    }
  }
}

void JointPrediction::predict(std::uint32_t user, std::uint32_t item, std::span<double> out) {
  for (std::size_t column = 0; column < blocks_.size(); ++column) {
    columns_[column].resize(1);
    if (blocks_[column] != nullptr) {
      columns_[column][0] = blocks_[column]->predict(user, item);
    }
  }
  mix(user, {&item, 1});
  for (std::size_t k = 0; k < places_.size(); ++k) {
    out[k] = columns_[places_[k]][0];
  }
}

void JointPrediction::predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                                    PredictionScratch& scratch) {
  for (std::size_t column = 0; column < blocks_.size(); ++column) {
    columns_[column].resize(items.size());
    if (blocks_[column] != nullptr) {
      blocks_[column]->predict_items(user, items, columns_[column], scratch);
    }
  }
  mix(user, items);
}

}  // namespace balse
