#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "balse/data/tags.hpp"
#include "balse/model/rating_means.hpp"

#include "model/blocks/mixed/mixed_block.hpp"

namespace balse {

/// The standardised features that a fit had, of items as the model knows them. Only of a model that
/// has MixedVariant::spread().
class MixedFeatures {
 public:
  MixedFeatures(const MixedVariant& variant, const Parameters& parameters, const ModelData& data);

  std::size_t columns() const { return spread_.columns; }
  /// `out` has columns() numbers.
  void write(std::uint32_t item, std::span<double> out) const;

 private:
  TagMatrixView tags_;
  std::span<const std::uint32_t> item_counts_;
  MatrixView basis_;
  MatrixView similarity_;
  MatrixView spread_;
  bool popular_;
  MatrixView item_features_;
  std::size_t components_;
};

}  // namespace balse
