#include "model/blocks/vb/vb_block.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <span>
#include <utility>

#include "model/blocks/vb/vb.hpp"
#include "model/blocks/vb/vb_features.hpp"
#include "model/blocks/vb/vb_predictor.hpp"
#include "model/blocks/vb/vb_user_prior.hpp"

namespace balse {
namespace {

/// What a tag adds to an item's prior: the map of tags to components, times the components' rows.
std::vector<double> prior_of_tags(const TagComponents* tags, std::span<const double> prior,
                                  std::size_t n) {
  if (tags == nullptr) {
    return {};
  }
  std::vector<double> result(tags->tags * n);
  for (std::size_t row = 0; row < tags->tags; ++row) {
    for (std::size_t c = 0; c < tags->count; ++c) {
      const double share = tags->basis[row * tags->count + c];
      if (share != 0.0) {
        for (std::size_t k = 0; k < n; ++k) {
          result[row * n + k] += share * prior[(1 + c) * n + k];
        }
      }
    }
  }
  return result;
}

}  // namespace

void VbOptions::visit_as(const OptionGroup& group, FieldVisitor& visitor) {
  visitor.enter(group);
  visitor.whole({"factors", "Factors of every user and item"}, {1, 256}, factors);
  visitor.whole({"sweeps", "Each solves all items and all users"}, {2, 10'000}, sweeps);
  visitor.whole(
      {"tag-components",
       "Where there are more tags, or more user features, their so many leading principal "
       "components"},
      {1, 1000}, tag_components);
  visitor.whole({"feature-components", "Of --features, so many leading principal components"},
                {1, ItemComponents::kMost}, feature_components);
}

std::vector<Figure> VbSummary::figures() const {
  return {{.name = "train_rmse", .value = train_rmse}, {.name = "noise", .value = noise}};
}

std::string VbSummary::sentence() const {
  char text[100];
  std::snprintf(text, sizeof text, "training RMSE %.4f, noise %.4f, %.1f s", train_rmse, noise,
                seconds);
  return text;
}

Parameters VbVariant::fit(const TrainingSet& set, const VbOptions& options,
                          VbSummary& summary) const {
  const auto begun = std::chrono::steady_clock::now();
  const VbFeatures features(
      set,
      {.of_tags = static_cast<std::size_t>(options.tag_components),
       .of_item_features = static_cast<std::size_t>(options.feature_components)},
      new_items);
  const FeatureColumns items = features.of_items();
  std::vector<FeatureColumns::Spread> spreads;
  const FeatureColumns users = features.of_users(spreads);
  VbFit fit = fit_vb({.ratings = set.ratings,
                      .global_mean = set.means.global,
                      .item_features = items.view(),
                      .user_features = users.view(),
                      .factors = static_cast<std::size_t>(options.factors),
                      .sweeps = options.sweeps,
                      .seed = options.seed,
                      .threads = set.threads,
                      .with_correlations = !set.for_predictions_alone});
  const std::size_t n = fit.dimensions;
  std::vector<double> priors(5 * n);
  const auto set_row = [&](VbPrior row, const double* from) {
    std::copy_n(from, n, priors.begin() + static_cast<std::ptrdiff_t>(row * n));
  };
  set_row(item_mean, fit.items.prior.data());
  set_row(item_popularity, fit.items.prior.data() + (1 + features.tag_count()) * n);
  set_row(item_variance, fit.items.prior_variance.data());
  set_row(user_mean, fit.users.prior.data());
  set_row(user_variance, fit.users.prior_variance.data());
  summary = {.train_rmse = fit.train_rmse,
             .noise = 1.0 / std::sqrt(fit.typical_precision),
             .trace = fit.trace};
  Parameters parameters;
  parameters.add(arrays.users(), std::move(fit.users.mean), n);
  parameters.add(arrays.items(), std::move(fit.items.mean), n);
  parameters.add(arrays.user_variance(), std::move(fit.users.variance), n);
  parameters.add(arrays.item_variance(), std::move(fit.items.variance), n);
  parameters.add(arrays.precision(), std::move(fit.precision));
  parameters.add(arrays.tag_prior(), prior_of_tags(features.tags(), fit.items.prior, n), n);
  parameters.add(arrays.priors(), std::move(priors), n);
  parameters.add(arrays.constants(),
                 std::vector<double>{features.unseen_popularity(), fit.typical_precision});
  if (!set.for_predictions_alone) {
    parameters.add_rough(arrays.item_correlation(), rough_bytes(fit.item_correlations),
                         n * (n - 1) / 2);
    parameters.add(arrays.item_prior_covariance(), std::move(fit.items.prior_covariance), n);
    parameters.add(arrays.user_prior_precision(), std::move(fit.users.prior_precision), n);
    add_user_prior(arrays, features, spreads, {users.columns(), n, fit.users.prior}, parameters);
  }
  if (const auto& own = features.user_features()) {
    const std::span<const double> prior(fit.users.prior);
    std::vector<double> mean;
    std::vector<double> of_features = own->of_features(prior.last(own->count() * n), n, mean);
    for (std::size_t k = 0; k < n; ++k) {
      mean[k] += prior[k];
    }
    parameters.add(arrays.feature_prior(), std::move(of_features), n);
    parameters.add(arrays.featured_mean(), std::move(mean), n);
  }
  if (features.item_features() > 0) {
    const std::span<const double> prior(fit.items.prior);
    const auto learned = prior.last(features.item_features() * n);
    std::vector<double> of_components(learned.begin(), learned.end());
    of_components.resize(set.item_features->columns * n);
    parameters.add(arrays.component_prior(), std::move(of_components), n);
  }
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return parameters;
}

std::unique_ptr<Block> VbVariant::open(const Parameters& parameters, const ModelData& data) const {
  return make_vb_predictor(arrays, parameters, data);
}

std::vector<Figure> VbVariant::describe(const Parameters& parameters) const {
  const std::size_t n = parameters.matrix(arrays.priors()).columns;
  const auto constants = parameters.vector(arrays.constants());
  return {{.name = "factors", .value = static_cast<double>(n == 0 ? 0 : n - 1), .whole = true},
          {.name = "noise", .value = constants.empty() ? 0.0 : 1.0 / std::sqrt(constants[1])}};
}

}  // namespace balse
