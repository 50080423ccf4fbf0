#pragma once

// The blocks that Predictors hands out: fitted parameters turned into predictions and named
// fallbacks.

#include <algorithm>
#include <cstddef>
#include <memory>
#include <utility>
#include <vector>

#include "balse/model/balse.hpp"

namespace balse {

/// What every block shares: the training set's counts and means decide what is unseen and what
/// stands in.
class MeansBlock : public Block {
 public:
  explicit MeansBlock(const RatingMeansView& means) : means_(means) {}

  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& /*scratch*/) const override {
    for (std::size_t k = 0; k < items.size(); ++k) {
      out[k] = predict(user, items[k]);
    }
  }

 protected:
  bool unseen_user(std::uint32_t user) const { return means_.unseen_user(user); }
  Fallback unseen(std::uint32_t user, std::uint32_t item) const {
    if (unseen_user(user)) {
      return means_.unseen_item(item) ? Fallback::unseen_both : Fallback::unseen_user;
    }
    return means_.unseen_item(item) ? Fallback::unseen_item : Fallback::none;
  }
  const RatingMeansView& means() const { return means_; }

 private:
  RatingMeansView means_;
};

class GlobalMeanBlock final : public MeansBlock {
 public:
  using MeansBlock::MeansBlock;
  double predict(std::uint32_t, std::uint32_t) const override { return means().global; }
  Fallback fallback(std::uint32_t, std::uint32_t) const override { return Fallback::none; }
};

class UserMeanBlock final : public MeansBlock {
 public:
  using MeansBlock::MeansBlock;
  double predict(std::uint32_t user, std::uint32_t) const override {
    return means().mean_of_user(user);
  }
  Fallback fallback(std::uint32_t user, std::uint32_t) const override {
    return unseen_user(user) ? Fallback::unseen_user : Fallback::none;
  }
};

class BiasBlock final : public MeansBlock {
 public:
  BiasBlock(const RatingMeansView& means, BiasModel model)
      : MeansBlock(means), model_(std::move(model)) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    return model_.predict(user, item);
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return unseen(user, item);
  }

 private:
  BiasModel model_;
};

class AlsBlock final : public MeansBlock {
 public:
  AlsBlock(const RatingMeansView& means, const AlsView& als, UnseenUsers policy)
      : MeansBlock(means), als_(als), policy_(policy) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user) && policy_ == UnseenUsers::item_mean) {
      return means().mean_of_item(item);
    }
    return als_.predict(user, item);
  }
  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    if (unseen_user(user)) {
      MeansBlock::predict_items(user, items, out, scratch);
      return;
    }
    for (std::size_t k = 0; k < items.size(); ++k) {
      out[k] = als_.predict(user, items[k]);
    }
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return unseen(user, item);
  }

 private:
  AlsView als_;
  UnseenUsers policy_;
};

class LassoBlock final : public MeansBlock {
 public:
  LassoBlock(const RatingMeansView& means, const LassoView& lasso, const TagMatrixView& tags,
             UnseenUsers policy)
      : MeansBlock(means), lasso_(lasso), tags_(tags), policy_(policy) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return policy_ == UnseenUsers::item_mean ? means().mean_of_item(item) : 0.0;
    }
    return lasso_.predict(user, item, tags_);
  }

  // The user's coefficients are spread out by tag once, so that an item costs a lookup for each of
  // its tags instead of a merge of two lists. The same terms in two sums, so that an addition does
  // not wait for the one before: the last bits may differ from predict()'s.
  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    if (unseen_user(user) || items.size() < kWorthSpreading) {
      MeansBlock::predict_items(user, items, out, scratch);
      return;
    }
    scratch.by_tag.resize(std::max(scratch.by_tag.size(), tags_.tag_count));
    const auto tastes = lasso_.tags_of(user);
    const auto coefficients = lasso_.coefficients_of(user);
    double* const by_tag = scratch.by_tag.data();
    for (std::size_t k = 0; k < tastes.size(); ++k) {
      by_tag[tastes[k]] = coefficients[k];
    }
    for (std::size_t k = 0; k < items.size(); ++k) {
      const auto tags = tags_.tags_of(items[k]);
      const auto weights = tags_.weights_of(items[k]);
      double sums[2] = {lasso_.intercept_of(user), 0.0};
      std::size_t t = 0;
      for (; t + 2 <= tags.size(); t += 2) {
        sums[0] += by_tag[tags[t]] * weights[t];
        sums[1] += by_tag[tags[t + 1]] * weights[t + 1];
      }
      if (t < tags.size()) {
        sums[0] += by_tag[tags[t]] * weights[t];
      }
      out[k] = sums[0] + sums[1];
    }
    for (const std::uint32_t tag : tastes) {
      by_tag[tag] = 0.0;
    }
  }

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return unseen(user, item);
    }
    return tags_.count(item) == 0 ? Fallback::no_tags : Fallback::none;
  }

 private:
  static constexpr std::size_t kWorthSpreading = 2;  // items

  LassoView lasso_;
  TagMatrixView tags_;
  UnseenUsers policy_;
};

/// Two blocks through the Steins gate. An item that neither block knows is a fallback of the blend;
/// what one of them knows is what the gate is there for.
class BlendBlock final : public Block {
 public:
  BlendBlock(const Block& als, const Block& lasso, const SteinsGate& gate,
             std::span<const std::uint32_t> item_counts)
      : als_(als), lasso_(lasso), weight_(item_counts.size()), unseen_weight_(gate.weight(0.0)) {
    for (std::size_t item = 0; item < item_counts.size(); ++item) {
      weight_[item] = gate.weight(item_counts[item]);
    }
  }
  double predict(std::uint32_t user, std::uint32_t item) const override {
    return blend(item, als_.predict(user, item), lasso_.predict(user, item));
  }
  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    scratch.second.resize(std::max(scratch.second.size(), items.size()));
    const std::span<double> second(scratch.second.data(), items.size());
    als_.predict_items(user, items, out, scratch);
    lasso_.predict_items(user, items, second, scratch);
    for (std::size_t k = 0; k < items.size(); ++k) {
      out[k] = blend(items[k], out[k], second[k]);
    }
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    const Fallback collaborative = als_.fallback(user, item);
    const Fallback content = lasso_.fallback(user, item);
    return collaborative == Fallback::unseen_item && content == Fallback::none ? Fallback::none
                                                                               : collaborative;
  }

 private:
  double blend(std::uint32_t item, double als, double lasso) const {
    return lasso + (item < weight_.size() ? weight_[item] : unseen_weight_) * (als - lasso);
  }

  const Block& als_;
  const Block& lasso_;
  std::vector<double> weight_;  // of ALS, by item
  double unseen_weight_;
};

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

 private:
  std::unique_ptr<Block> block_;
  ClipRange range_;
};

}  // namespace balse
