#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "balse/data/id_index.hpp"

namespace balse {

/// A row of numbers for every item of a model or of a data set, dense.
struct FeatureMatrix {
  std::size_t columns = 0;
  std::vector<double> values;  ///< items x columns
};

/// What a file says of items besides tags, a row of numbers each, as an embedding of its poster.
struct ItemFeatures {
  IdIndex items;
  std::size_t columns = 0;
  std::vector<float> values;  ///< items x columns, finite

  std::span<const float> row(std::size_t item) const {
    return std::span(values).subspan(item * columns, columns);
  }
};

/// Reads NumPy's archive (.npz) with the arrays `items`, ids that are texts or integers, and
/// `embedding`, items x columns numbers in C order. `fingerprint` becomes the file's SHA-256.
/// Throws Error(bad_data) for what is none, and for numbers that are not finite.
ItemFeatures read_item_features(const std::string& path, std::string& fingerprint);

}  // namespace balse
