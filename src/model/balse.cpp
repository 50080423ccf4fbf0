#include "balse/model/balse.hpp"

#include <algorithm>
#include <utility>

#include "balse/model/training.hpp"

#include "model/predictor_blocks.hpp"

namespace balse {

void BalseOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 3> kClip = {"none", "lasso", "all"};
  static constexpr std::array<std::string_view, 2> kUnseenUsers = {"item-mean", "zero"};
  als.visit(visitor);
  lasso.visit(visitor);
  gate.visit(visitor);
  bias.visit(visitor);
  visitor.enter(kGroup);
  visitor.choice(
      {"clip", "Which predictions are cut to the range: LASSO's, as in the paper, all, or none"},
      kClip, clip);
  visitor.interval({"clip-range",
                    "LOW:HIGH; -2:2 for Mangaki's words and the range of the training ratings "
                    "otherwise, if not given"},
                   clip_range);
  visitor.choice({"unseen-users", "What ALS and LASSO predict for users without training ratings"},
                 kUnseenUsers, unseen_users);
}

std::string BalseOptions::validate() const {
  return first_fault(*this);
}

std::string_view name_of(Model model) {
  constexpr std::array<std::string_view, kModels.size()> kNames = {
      "global-mean", "user-mean", "bias", "als", "lasso", "balse"};
  return kNames[static_cast<std::size_t>(model)];
}

std::string_view title_of(Model model) {
  constexpr std::array<std::string_view, kModels.size()> kTitles = {
      "global mean", "user mean", "user+item bias", "ALS", "LASSO", "BALSE"};
  return kTitles[static_cast<std::size_t>(model)];
}

FittedBlocks fit_blocks(const RatingMatrix& ratings, const TagMatrix* tags,
                        const BalseOptions& options, const WarmStart* als_start,
                        const Lasso* lasso_start) {
  FittedBlocks fitted;
  fitted.means = std::make_shared<const RatingMeans>(compute_rating_means(ratings));
  if (als_start != nullptr) {
    fitted.als = fit_als(ratings, *fitted.means, options.als, als_start->users, als_start->items,
                         &fitted.als_summary);
  } else {
    fitted.als = fit_als(ratings, *fitted.means, options.als, &fitted.als_summary);
  }
  if (tags != nullptr) {
    fitted.lasso =
        fit_lasso(ratings.by_user, *tags, options.lasso,
                  lasso_start != nullptr ? *lasso_start : Lasso(), &fitted.lasso_summary);
  }
  return fitted;
}

namespace {

BlockParameters parameters_of(const FittedBlocks& blocks, const TagMatrix* tags,
                              const BalseOptions& options) {
  BlockParameters parameters;
  parameters.means = *blocks.means;
  parameters.als = blocks.als;
  parameters.lasso = blocks.lasso.view();
  if (tags != nullptr) {
    parameters.tags = *tags;
  }
  parameters.clip = options.clip;
  parameters.clip_range = options.clip_range.value_or(
      ClipRange{.low = blocks.means->lowest, .high = blocks.means->highest});
  parameters.unseen_users = options.unseen_users;
  return parameters;
}

}  // namespace

Predictors::Predictors(const FittedBlocks& blocks, const TagMatrix* tags,
                       const BalseOptions& options)
    : Predictors(parameters_of(blocks, tags, options)) {}

Predictors::Predictors(const BlockParameters& parameters) : parameters_(parameters) {
  const BlockParameters& p = parameters_;
  set(Model::global_mean, std::make_unique<GlobalMeanBlock>(p.means));
  set(Model::user_mean, std::make_unique<UserMeanBlock>(p.means));
  set(Model::als, std::make_unique<AlsBlock>(p.means, p.als, p.unseen_users));
  if (p.tags) {
    set(Model::lasso, std::make_unique<LassoBlock>(p.means, p.lasso, *p.tags, p.unseen_users));
  }
}

Predictors::~Predictors() = default;
Predictors::Predictors(Predictors&&) noexcept = default;
Predictors& Predictors::operator=(Predictors&&) noexcept = default;

void Predictors::add_bias(const RatingMatrix& ratings, const RatingMeans& means,
                          const BiasOptions& options) {
  set(Model::bias,
      std::make_unique<BiasBlock>(parameters_.means, fit_bias(ratings, means, options)));
}

void Predictors::add_balse(const SteinsGate& gate, std::span<const std::uint32_t> item_counts) {
  set(Model::balse,
      std::make_unique<BlendBlock>(*find(Model::als), *find(Model::lasso), gate, item_counts));
}

void Predictors::set(Model model, std::unique_ptr<Block> block) {
  const bool clipped =
      parameters_.clip == Clip::all || (parameters_.clip == Clip::lasso && model == Model::lasso);
  if (clipped) {
    block = std::make_unique<ClippedBlock>(std::move(block), parameters_.clip_range);
  }
  blocks_[static_cast<std::size_t>(model)] = std::move(block);
}

}  // namespace balse
