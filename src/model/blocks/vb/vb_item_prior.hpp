#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/model/parameters.hpp"

#include "model/blocks/vb/vb_block.hpp"

namespace balse {

/// What is known of an item that nobody has rated: its tags and its features.
struct VbItemPrior {
  std::optional<TagMatrixView> tags;
  MatrixView tag_prior;
  MatrixView item_features;
  MatrixView component_prior;  ///< no rows where the block does not know features
  MatrixView priors;
  double unseen_popularity = 0.0;

  VbItemPrior(const VbArrays& arrays, const Parameters& parameters, const ModelData& data)
      : tags(data.tags),
        tag_prior(parameters.matrix(arrays.tag_prior())),
        item_features(data.item_features),
        component_prior(parameters.matrix(arrays.component_prior())),
        priors(parameters.matrix(arrays.priors())),
        unseen_popularity(parameters.vector(arrays.constants())[0]) {}

  /// Calls use(tag, weight) for those that the prior knows.
  template <typename Use>
  void for_each_tag(std::uint32_t item, const Use& use) const {
    if (tags && tag_prior.rows > 0) {
      const auto of_item = tags->tags_of(item);
      const auto weights = tags->weights_of(item);
      for (std::size_t k = 0; k < of_item.size(); ++k) {
        use(of_item[k], double{weights[k]});
      }
    }
  }

  /// Calls use(component, value) for those of the item's features.
  template <typename Use>
  void for_each_component(std::uint32_t item, const Use& use) const {
    if (component_prior.rows > 0 && item < item_features.rows) {
      const std::span<const double> values = item_features.row(item);
      for (std::size_t c = 0; c < component_prior.rows; ++c) {
        use(c, values[c]);
      }
    }
  }

  /// The mean of its [factors, bias].
  std::vector<double> mean(std::uint32_t item) const { return mean(item, unseen_popularity); }
  /// The same of an item that is so popular.
  std::vector<double> mean(std::uint32_t item, double popular) const {
    std::vector<double> result(priors.columns);
    const auto add = [&](double weight, std::span<const double> row) {
      for (std::size_t k = 0; k < result.size(); ++k) {
        result[k] += weight * row[k];
      }
    };
    add(1.0, priors.row(item_mean));
    add(popular, priors.row(item_popularity));
    for_each_tag(item, [&](std::uint32_t tag, double weight) { add(weight, tag_prior.row(tag)); });
    for_each_component(item,
                       [&](std::size_t c, double value) { add(value, component_prior.row(c)); });
    return result;
  }
};

}  // namespace balse
