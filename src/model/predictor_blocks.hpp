#pragma once

// The blocks that Predictors hands out: fitted parameters turned into predictions and named
// fallbacks.

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "balse/model/balse.hpp"

namespace balse {

/// What every block shares: the training set's counts and means decide what is unseen and what
/// stands in.
class MeansBlock : public Block {
 public:
  explicit MeansBlock(const RatingMeans& means) : means_(means) {}

 protected:
  bool unseen_user(std::uint32_t user) const { return means_.user_count[user] == 0; }
  bool unseen_item(std::uint32_t item) const { return means_.item_count[item] == 0; }
  Fallback unseen(std::uint32_t user, std::uint32_t item) const {
    if (unseen_user(user)) {
      return unseen_item(item) ? Fallback::unseen_both : Fallback::unseen_user;
    }
    return unseen_item(item) ? Fallback::unseen_item : Fallback::none;
  }
  const RatingMeans& means() const { return means_; }

 private:
  const RatingMeans& means_;
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
  double predict(std::uint32_t user, std::uint32_t) const override { return means().user[user]; }
  Fallback fallback(std::uint32_t user, std::uint32_t) const override {
    return unseen_user(user) ? Fallback::unseen_user : Fallback::none;
  }
};

class BiasBlock final : public MeansBlock {
 public:
  BiasBlock(const RatingMeans& means, BiasModel model)
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
  AlsBlock(const RatingMeans& means, const Als& als, UnseenUsers policy)
      : MeansBlock(means), als_(als), policy_(policy) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user) && policy_ == UnseenUsers::item_mean) {
      return means().item[item];
    }
    return als_.predict(user, item);
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return unseen(user, item);
  }

 private:
  const Als& als_;
  UnseenUsers policy_;
};

class LassoBlock final : public MeansBlock {
 public:
  LassoBlock(const RatingMeans& means, const Lasso& lasso, const TagMatrix& tags,
             UnseenUsers policy)
      : MeansBlock(means), lasso_(lasso), tags_(tags), policy_(policy) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return policy_ == UnseenUsers::item_mean ? means().item[item] : 0.0;
    }
    return lasso_.predict(user, item, tags_);
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return unseen(user, item);
    }
    return tags_.count(item) == 0 ? Fallback::no_tags : Fallback::none;
  }

 private:
  const Lasso& lasso_;
  const TagMatrix& tags_;
  UnseenUsers policy_;
};

/// Two blocks through the Steins gate. An item that neither block knows is a fallback of the blend;
/// what one of them knows is what the gate is there for.
class BlendBlock final : public Block {
 public:
  BlendBlock(const Block& als, const Block& lasso, const SteinsGate& gate,
             const std::vector<std::uint32_t>& item_counts)
      : als_(als), lasso_(lasso), gate_(gate), item_counts_(item_counts) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    return gate_.blend(item_counts_[item], als_.predict(user, item), lasso_.predict(user, item));
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    const Fallback collaborative = als_.fallback(user, item);
    const Fallback content = lasso_.fallback(user, item);
    return collaborative == Fallback::unseen_item && content == Fallback::none ? Fallback::none
                                                                               : collaborative;
  }

 private:
  const Block& als_;
  const Block& lasso_;
  SteinsGate gate_;
  const std::vector<std::uint32_t>& item_counts_;
};

class ClippedBlock final : public Block {
 public:
  ClippedBlock(std::unique_ptr<Block> block, ClipRange range)
      : block_(std::move(block)), range_(range) {}
  double predict(std::uint32_t user, std::uint32_t item) const override {
    return std::clamp(block_->predict(user, item), range_.low, range_.high);
  }
  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return block_->fallback(user, item);
  }

 private:
  std::unique_ptr<Block> block_;
  ClipRange range_;
};

}  // namespace balse
