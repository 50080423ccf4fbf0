#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "balse/model/block.hpp"
#include "balse/model/item_components.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"
#include "balse/support/fixed_text.hpp"

namespace balse {

/// Of both blocks of variational Bayesian factorisation; see model/blocks/vb/vb.hpp.
struct VbOptions {
  int factors = 20;
  int sweeps = 24;
  int tag_components = 50;  ///< as many numbers an item as tags are told to the prior by, at most
  int feature_components = 20;  ///< the same of items' features
  std::uint64_t seed = 42;      ///< of the initial factors

 protected:
  void visit_as(const OptionGroup& group, FieldVisitor& visitor);
};

struct VbSummary {
  double train_rmse = 0.0;
  double noise = 0.0;  ///< standard deviation of a typical user's ratings around the predictions
  std::vector<double> trace;  ///< training RMSE after each sweep
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const { return {}; }

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("train_rmse", train_rmse);
    visitor("noise", noise);
    visitor("trace", trace);
    visitor("seconds", seconds);
  }
};

/// The tensors of one of the blocks, in the order that they are stored in.
struct VbArrays {
  const std::array<ArraySpec, 17>& all;

  const ArraySpec& users() const { return all[0]; }  ///< [factors, bias]
  /// The same; those of unseen items are what their tags say.
  const ArraySpec& items() const { return all[1]; }
  const ArraySpec& user_variance() const { return all[2]; }  ///< of each of these numbers
  const ArraySpec& item_variance() const { return all[3]; }
  /// Of each user's ratings: 1 / variance of the noise.
  const ArraySpec& precision() const { return all[4]; }
  const ArraySpec& tag_prior() const {
    return all[5];
  }                                                   ///< what a tag adds to an item's prior mean
  const ArraySpec& priors() const { return all[6]; }  ///< rows: VbPrior
  /// The popularity that an item without ratings is taken to have; the typical precision.
  const ArraySpec& constants() const { return all[7]; }

  // What users who came after the fit are folded in by; missing in older files.
  /// Of items' posteriors, below the diagonal, row after row.
  const ArraySpec& item_correlation() const { return all[8]; }
  const ArraySpec& item_prior_covariance() const { return all[9]; }
  const ArraySpec& user_prior_precision() const { return all[10]; }
  const ArraySpec& user_prior() const { return all[11]; }  ///< rows: VbUserPriorRow
  /// What a tag of an item that they rate adds to a user's prior mean.
  const ArraySpec& user_tags() const { return all[12]; }
  /// What the company of an item that they rate adds, as a share of VbUserPriorRow::company_scale.
  const ArraySpec& company() const { return all[13]; }
  /// What a feature of a user adds to their prior mean; missing where there were no features.
  const ArraySpec& feature_prior() const { return all[14]; }
  /// The prior mean of a user without ratings who has features, besides those.
  const ArraySpec& featured_mean() const { return all[15]; }
  /// What a component of an item's features adds to its prior mean; missing without features.
  const ArraySpec& component_prior() const { return all[16]; }
};

enum VbPrior : std::size_t {
  item_mean,        ///< of an item, besides its tags
  item_popularity,  ///< what the popularity feature adds to it, for 1
  item_variance,
  user_mean,  ///< of a user without ratings and features
  user_variance,
};

/// Of the mean of a user's prior; see model/blocks/vb/vb_user_prior.hpp.
enum VbUserPriorRow : std::size_t { of_count, besides_count, usual_tags, company_scale };

/// What the two blocks have in common.
struct VbVariant {
  VbArrays arrays;
  bool new_items;  ///< tags and popularity alone, and an unseen item is as popular as a rated one

  Parameters fit(const TrainingSet& set, const VbOptions& options, VbSummary& summary) const;
  Parameters fold_in(const Parameters& parameters, const FoldInSet& set) const;
  std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data) const;
  std::vector<Figure> describe(const Parameters& parameters) const;
};

template <FixedText kBlock, bool kNewItems>
struct VbBlockOf {
  using Summary = VbSummary;
  static constexpr std::string_view kName = {kBlock.text, kBlock.length()};
  static constexpr bool kByDefault = false;
  static constexpr bool kClipped = true;
  static constexpr std::array<ArraySpec, 17> kArrays = {{
      {.name = kJoined<kBlock, ".user_factors">, .axes = {Axis::user, Axis::latent}},
      {.name = kJoined<kBlock, ".item_factors">, .axes = {Axis::item, Axis::latent}},
      {.name = kJoined<kBlock, ".user_variance">, .axes = {Axis::user, Axis::latent}},
      {.name = kJoined<kBlock, ".item_variance">, .axes = {Axis::item, Axis::latent}},
      {.name = kJoined<kBlock, ".precision">, .axes = {Axis::user}},
      {.name = kJoined<kBlock, ".tag_prior">, .axes = {Axis::tag, Axis::latent}},
      {.name = kJoined<kBlock, ".priors">, .axes = {Axis::none, Axis::latent}, .length = 5},
      {.name = kJoined<kBlock, ".constants">, .length = 2},
      {.name = kJoined<kBlock, ".item_correlation">,
       .axes = {Axis::item, Axis::free},
       .rough = true,
       .optional = true},
      {.name = kJoined<kBlock, ".item_prior_covariance">,
       .axes = {Axis::latent, Axis::latent},
       .optional = true},
      {.name = kJoined<kBlock, ".user_prior_precision">,
       .axes = {Axis::latent, Axis::latent},
       .optional = true},
      {.name = kJoined<kBlock, ".user_prior">,
       .axes = {Axis::none, Axis::latent},
       .length = 4,
       .optional = true},
      {.name = kJoined<kBlock, ".user_tags">, .axes = {Axis::tag, Axis::latent}, .optional = true},
      {.name = kJoined<kBlock, ".company">,
       .axes = {Axis::item, Axis::latent},
       .rough = true,
       .optional = true},
      {.name = kJoined<kBlock, ".feature_prior">,
       .axes = {Axis::feature, Axis::latent},
       .optional = true},
      {.name = kJoined<kBlock, ".featured_mean">,
       .axes = {Axis::none, Axis::latent},
       .length = 1,
       .optional = true},
      {.name = kJoined<kBlock, ".component_prior">,
       .axes = {Axis::component, Axis::latent},
       .optional = true},
  }};
  static constexpr VbVariant kVariant = {{kArrays}, kNewItems};

  static Parameters fit(const TrainingSet& set, const VbOptions& options,
                        const Parameters& /*start*/, Summary& summary) {
    return kVariant.fit(set, options, summary);
  }
  static Parameters fold_in(const Parameters& parameters, const FoldInSet& set,
                            const VbOptions& /*options*/) {
    return kVariant.fold_in(parameters, set);
  }
  static std::unique_ptr<Block> open(const Parameters& parameters, const ModelData& data) {
    return kVariant.open(parameters, data);
  }
  static std::vector<Figure> describe(const Parameters& parameters) {
    return kVariant.describe(parameters);
  }
};

/// Variational Bayes with everything that speaks of items and users: tags, popularity, and who
/// rates what. The best single block for items that somebody has rated.
struct VbBlock : VbBlockOf<"vb", false> {
  struct Options : VbOptions {
    void visit(FieldVisitor& visitor) { visit_as({"vb", "Variational Bayes"}, visitor); }
  };
  static constexpr std::string_view kTitle = "variational Bayes";
  static constexpr bool kNeedsTags = false;
  static constexpr std::uint64_t kSeedStream = 4;
};

/// The same for items that nobody has rated: an unseen item is taken to be as popular as what is
/// rated, not as the obscure items without ratings of the training set.
struct VbNewBlock : VbBlockOf<"vb-new", true> {
  struct Options : VbOptions {
    Options() {
      factors = 10;
      tag_components = 100;  // it has little else to go by
    }
    void visit(FieldVisitor& visitor) {
      visit_as({"vb-new", "Variational Bayes for new items"}, visitor);
    }
  };
  static constexpr std::string_view kTitle = "variational Bayes, new items";
  static constexpr bool kNeedsTags = true;
  static constexpr std::uint64_t kSeedStream = 5;
};

}  // namespace balse
