#include "model/blocks/mixed/mixed_features.hpp"

#include <algorithm>

#include "balse/model/derived_features.hpp"

#include "model/blocks/mixed/mixed_scale.hpp"

namespace balse {

MixedFeatures::MixedFeatures(const MixedVariant& variant, const Parameters& parameters,
                             const ModelData& data)
    : tags_(*data.tags),
      item_counts_(data.means.item_count),
      basis_(parameters.matrix(variant.basis())),
      similarity_(variant.similar_items ? parameters.matrix(variant.similarity()) : MatrixView()),
      spread_(parameters.matrix(variant.spread())),
      popular_(variant.popularity),
      item_features_(data.item_features),
      components_(variant.component_count(parameters)) {}

void MixedFeatures::write(std::uint32_t item, std::span<double> out) const {
  std::fill(out.begin(), out.end(), 0.0);
  out[0] = 1.0;
  const auto tags = tags_.tags_of(item);
  const auto weights = tags_.weights_of(item);
  for (std::size_t k = 0; k < tags.size(); ++k) {
    const auto row = basis_.row(tags[k]);
    for (std::size_t c = 0; c < row.size(); ++c) {
      out[1 + c] += double{weights[k]} * row[c];
    }
  }
  std::size_t next = 1 + basis_.columns;
  if (popular_) {
    out[next++] = popularity(item < item_counts_.size() ? item_counts_[item] : 0);
  }
  if (item < similarity_.rows) {
    const auto row = similarity_.row(item);
    std::copy(row.begin(), row.end(), out.begin() + static_cast<std::ptrdiff_t>(next));
  }
  if (components_ > 0 && item < item_features_.rows) {
    std::copy_n(item_features_.row(item).begin(), components_, out.last(components_).begin());
  }
  standardise(spread_, out);
}

}  // namespace balse
