#include "balse/model/balse.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "model/predictor_blocks.hpp"

namespace balse {

std::string BalseOptions::validate() const {
  for (const std::string& sentence :
       {als.validate(), lasso.validate(), gate.validate(), bias.validate()}) {
    if (!sentence.empty()) {
      return sentence;
    }
  }
  if (clip_range && !(clip_range->low < clip_range->high)) {
    return "the range to clip to must have its low end below its high end";
  }
  return {};
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
                        const BalseOptions& options) {
  FittedBlocks fitted;
  fitted.means = std::make_shared<const RatingMeans>(compute_rating_means(ratings));
  fitted.als = fit_als(ratings, *fitted.means, options.als, &fitted.als_summary);
  if (tags != nullptr) {
    fitted.lasso = fit_lasso(ratings.by_user, *tags, options.lasso, &fitted.lasso_summary);
  }
  return fitted;
}

Predictors::Predictors(const FittedBlocks& blocks, const TagMatrix* tags,
                       const BalseOptions& options)
    : fitted_(&blocks), options_(&options) {
  const RatingMeans& means = *blocks.means;
  set(Model::global_mean, std::make_unique<GlobalMeanBlock>(means));
  set(Model::user_mean, std::make_unique<UserMeanBlock>(means));
  set(Model::als, std::make_unique<AlsBlock>(means, blocks.als, options.unseen_users));
  if (tags != nullptr) {
    set(Model::lasso,
        std::make_unique<LassoBlock>(means, blocks.lasso, *tags, options.unseen_users));
  }
}

Predictors::~Predictors() = default;
Predictors::Predictors(Predictors&&) noexcept = default;
Predictors& Predictors::operator=(Predictors&&) noexcept = default;

void Predictors::add_bias(const RatingMatrix& ratings) {
  const RatingMeans& means = *fitted_->means;
  set(Model::bias, std::make_unique<BiasBlock>(means, fit_bias(ratings, means, options_->bias)));
}

void Predictors::add_balse(const SteinsGate& gate, const std::vector<std::uint32_t>& item_counts) {
  set(Model::balse,
      std::make_unique<BlendBlock>(*find(Model::als), *find(Model::lasso), gate, item_counts));
}

ClipRange Predictors::range_for(Model model) const {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  if (options_->clip == Clip::none || (options_->clip == Clip::lasso && model != Model::lasso)) {
    return {.low = -kInfinity, .high = kInfinity};
  }
  return options_->clip_range.value_or(
      ClipRange{.low = fitted_->means->lowest, .high = fitted_->means->highest});
}

void Predictors::set(Model model, std::unique_ptr<Block> block) {
  const ClipRange range = range_for(model);
  if (std::isfinite(range.low) || std::isfinite(range.high)) {
    block = std::make_unique<ClippedBlock>(std::move(block), range);
  }
  blocks_[static_cast<std::size_t>(model)] = std::move(block);
}

}  // namespace balse
