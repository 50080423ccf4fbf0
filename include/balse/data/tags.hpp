#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "balse/data/id_index.hpp"
#include "balse/data/item_features.hpp"

namespace balse {

/// The sparse items x tags matrix T of tag weights in [0, 1], compressed by items; tags ascending
/// in a row. An item without a poster is an empty row.
struct TagMatrix {
  std::vector<std::uint64_t> start = {0};  ///< items + 1
  std::vector<std::uint32_t> tag;
  std::vector<float> weight;
  std::size_t tag_count = 0;  ///< columns

  std::size_t items() const { return start.size() - 1; }
  std::size_t count(std::size_t item) const { return start[item + 1] - start[item]; }
  std::span<const std::uint32_t> tags_of(std::size_t item) const {
    return {tag.data() + start[item], count(item)};
  }
  std::span<const float> weights_of(std::size_t item) const {
    return {weight.data() + start[item], count(item)};
  }
};

/// The same, wherever it lies: in a TagMatrix, or in a mapped model file. An item beyond the last
/// row has no tags.
struct TagMatrixView {
  std::span<const std::uint64_t> start;  ///< items + 1, or empty
  std::span<const std::uint32_t> tag;
  std::span<const float> weight;
  std::size_t tag_count = 0;

  TagMatrixView() = default;
  TagMatrixView(const TagMatrix& matrix)  // NOLINT(google-explicit-constructor): it is one
      : start(matrix.start), tag(matrix.tag), weight(matrix.weight), tag_count(matrix.tag_count) {}

  std::size_t items() const { return start.empty() ? 0 : start.size() - 1; }
  std::size_t count(std::size_t item) const {
    return item < items() ? start[item + 1] - start[item] : 0;
  }
  std::span<const std::uint32_t> tags_of(std::size_t item) const {
    return count(item) == 0 ? std::span<const std::uint32_t>()
                            : tag.subspan(start[item], count(item));
  }
  std::span<const float> weights_of(std::size_t item) const {
    return count(item) == 0 ? std::span<const float>() : weight.subspan(start[item], count(item));
  }
};

/// A tag file: which items it knows, what its tags are called, and the weights.
struct Tags {
  IdIndex items;  ///< row of `matrix` by item id
  IdIndex names;  ///< column of `matrix` by tag name
  TagMatrix matrix;
};

/// What is known of items and users besides ratings; null where nothing is.
struct SideInformation {
  const TagMatrix* tags = nullptr;               ///< a row for every item of the ratings
  const TagMatrix* user_features = nullptr;      ///< a row for every user
  const FeatureMatrix* item_features = nullptr;  ///< a row for every item; see item_components.hpp

  SideInformation() = default;
  SideInformation(const TagMatrix* tags_of_items,  // NOLINT(google-explicit-constructor)
                  const TagMatrix* features_of_users = nullptr,
                  const FeatureMatrix* features_of_items = nullptr)
      : tags(tags_of_items), user_features(features_of_users), item_features(features_of_items) {}
};

/// The rows of `tags` in the order of `items`, an empty row for every item the tag file does not
/// hold. The same for features of users.
TagMatrix align_tags(const Tags& tags, const IdIndex& items);

/// How many rows are not empty.
std::size_t rows_with_tags(const TagMatrix& matrix);

}  // namespace balse
