#include <span>
#include <utility>
#include <vector>

#include "balse/model/baselines.hpp"
#include "balse/support/parallel.hpp"

#include "model/blocks/mixed/mixed.hpp"
#include "model/blocks/mixed/mixed_block.hpp"
#include "model/blocks/mixed/mixed_features.hpp"
#include "model/blocks/mixed/mixed_scale.hpp"

namespace balse {
namespace {

/// Of the items that are rated.
std::vector<double> features_of_rated(const MixedFeatures& features, const FoldInSet& set) {
  constexpr std::size_t kItemsPerRange = 64;
  const std::size_t columns = features.columns();
  std::vector<double> result(set.rated.size() * columns);
  parallel_ranges(set.rated.size(), kItemsPerRange, resolve_threads(set.threads),
                  [&](std::size_t begin, std::size_t end) {
                    for (std::size_t k = begin; k < end; ++k) {
                      features.write(set.rated[k], std::span(result).subspan(k * columns, columns));
                    }
                  });
  return result;
}

}  // namespace

Parameters MixedVariant::fold_in(const Parameters& parameters, const FoldInSet& set) const {
  if (!parameters.has(precision()) || !parameters.has(spread()) || !parameters.has(noise())) {
    return {};
  }
  const std::size_t columns = parameters.matrix(weights()).columns;
  const MatrixView spread = parameters.matrix(this->spread());
  const std::vector<double> features =
      features_of_rated(MixedFeatures(*this, parameters, set.data), set);
  std::vector<double> of_users;
  std::vector<double> of_items;
  if (offsets) {
    const auto known = parameters.vector(item_offset());
    of_users = solve_user_biases(set.by_user, set.means.global, known, BiasOptions(), set.threads);
    for (const std::uint32_t item : set.rated) {
      of_items.push_back(item < known.size() ? known[item] : 0.0);
    }
  }
  const auto precisions = parameters.vector(precision());
  std::vector<double> folded = fold_mixed({.by_user = set.by_rated,
                                           .features = {set.rated.size(), columns, features},
                                           .constant = set.means.global,
                                           .user_offset = of_users,
                                           .item_offset = of_items,
                                           .threads = set.threads},
                                          {.usual = rescaled(spread, parameters.vector(usual())),
                                           .precision = {precisions.begin(), precisions.end()},
                                           .alpha = parameters.vector(noise())[0]});
  unscale(spread, folded);
  Parameters rows;
  rows.add(weights(), std::move(folded), columns);
  if (offsets) {
    rows.add(user_offset(), std::move(of_users));
  }
  return rows;
}

}  // namespace balse
