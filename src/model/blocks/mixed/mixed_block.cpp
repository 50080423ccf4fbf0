#include "model/blocks/mixed/mixed_block.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <utility>

#include "balse/model/baselines.hpp"
#include "balse/model/derived_features.hpp"
#include "balse/model/item_components.hpp"

#include "model/blocks/mixed/mixed.hpp"
#include "model/blocks/mixed/mixed_predictor.hpp"
#include "model/blocks/mixed/mixed_scale.hpp"
#include "model/features/feature_columns.hpp"

namespace balse {
namespace {

constexpr std::size_t kSimilar = 16;

/// The first columns of similarity_features(), so many.
std::vector<double> leading_similarity(const TrainingSet& set, std::size_t& count) {
  const ImplicitSvd& svd = set.derived.implicit(set.ratings, set.threads);
  const std::vector<double> all = similarity_features(svd, set.means.item_count);
  count = std::min(kSimilar, svd.count);
  std::vector<double> result;
  result.reserve(set.ratings.items() * count);
  for (std::size_t item = 0; item < set.ratings.items(); ++item) {
    const auto row = all.begin() + static_cast<std::ptrdiff_t>(item * svd.count);
    result.insert(result.end(), row, row + static_cast<std::ptrdiff_t>(count));
  }
  return result;
}

}  // namespace

void MixedOptions::visit_as(const OptionGroup& group, FieldVisitor& visitor) {
  visitor.enter(group);
  visitor.whole({"sweeps", "Steps of expectation maximisation"}, {1, 10'000}, sweeps);
  visitor.whole(
      {"tag-components", "Where there are more tags, their so many leading principal components"},
      {1, 1000}, tag_components);
  visitor.whole({"feature-components", "Of --features, so many leading principal components"},
                {1, ItemComponents::kMost}, feature_components);
}

std::vector<Figure> MixedSummary::figures() const {
  return {{.name = "train_rmse", .value = train_rmse},
          {.name = "features", .value = static_cast<double>(features), .whole = true}};
}

std::string MixedSummary::sentence() const {
  char text[100];
  std::snprintf(text, sizeof text, "%zu features, training RMSE %.4f, %.1f s", features, train_rmse,
                seconds);
  return text;
}

Parameters MixedVariant::fit(const TrainingSet& set, const MixedOptions& options,
                             MixedSummary& summary) const {
  const auto begun = std::chrono::steady_clock::now();
  const TagComponents& tags =
      set.derived.components(*set.tags, static_cast<std::size_t>(options.tag_components));
  std::size_t similar = 0;
  std::vector<double> company =
      similar_items ? leading_similarity(set, similar) : std::vector<double>();
  const std::size_t popular = popularity ? 1 : 0;
  const std::size_t style = set.item_features != nullptr
                                ? std::min(static_cast<std::size_t>(options.feature_components),
                                           set.item_features->columns)
                                : 0;
  FeatureColumns features(set.ratings.items(), 1 + tags.count + popular + similar + style);
  for (std::size_t item = 0; item < set.ratings.items(); ++item) {
    features.at(item, 0) = 1.0;
    if (popularity) {
      features.at(item, 1 + tags.count) = balse::popularity(set.means.item_count[item]);
    }
  }
  features.set(1, tags.count, tags.scores);
  features.set(1 + tags.count + popular, similar, company);
  if (style > 0) {
    features.set_leading(1 + tags.count + popular + similar, style, set.item_features->values,
                         set.item_features->columns);
  }
  std::vector<double> spread = standardise(features, set.means.item_count, style);
  BiasModel bias;
  if (offsets) {
    bias = fit_bias(set.ratings, set.means, BiasOptions(), set.threads);
  }
  MixedFit fit = fit_mixed({.by_user = set.ratings.by_user,
                            .features = features.view(),
                            .constant = set.means.global,
                            .user_offset = bias.user_bias,
                            .item_offset = bias.item_bias,
                            .start_precision = start_precision,
                            .sweeps = options.sweeps,
                            .threads = set.threads});
  unscale({2, features.columns(), spread}, fit.weights);
  unscale({2, features.columns(), spread}, fit.prior.usual);
  Parameters parameters;
  parameters.add(weights(), std::move(fit.weights), features.columns());
  parameters.add(usual(), std::move(fit.prior.usual), features.columns());
  parameters.add(basis(), tags.basis, tags.count);
  if (offsets) {
    parameters.add(user_offset(), std::move(bias.user_bias));
    parameters.add(item_offset(), std::move(bias.item_bias));
  }
  if (similar_items) {
    parameters.add(similarity(), std::move(company), similar);
  }
  if (style > 0) {
    std::vector<double> used(set.item_features->columns);
    std::fill_n(used.begin(), style, 1.0);
    parameters.add(components(), std::move(used));
  }
  parameters.add(precision(), std::move(fit.prior.precision), features.columns());
  parameters.add(this->spread(), std::move(spread), features.columns());
  parameters.add(noise(), std::vector<double>{fit.prior.alpha});
  summary = {
      .train_rmse = fit.train_rmse,
      .features = features.columns(),
      .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()};
  return parameters;
}

std::unique_ptr<Block> MixedVariant::open(const Parameters& parameters,
                                          const ModelData& data) const {
  return make_mixed_predictor(*this, parameters, data);
}

std::size_t MixedVariant::component_count(const Parameters& parameters) const {
  const auto used = parameters.vector(components());
  return static_cast<std::size_t>(std::count(used.begin(), used.end(), 1.0));
}

bool MixedVariant::sound(const Parameters& parameters) const {
  const std::size_t similar =
      similar_items ? parameters.matrix(similarity()).columns : std::size_t{0};
  return parameters.matrix(weights()).columns == 1 + parameters.matrix(basis()).columns +
                                                     (popularity ? 1 : 0) + similar +
                                                     component_count(parameters);
}

std::vector<Figure> MixedVariant::describe(const Parameters& parameters) const {
  return {{.name = "features",
           .value = static_cast<double>(parameters.matrix(weights()).columns),
           .whole = true}};
}

}  // namespace balse
