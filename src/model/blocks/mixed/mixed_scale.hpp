#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "balse/model/parameters.hpp"

#include "model/features/feature_columns.hpp"

namespace balse {

/// Makes every column but the first of mean 0 and deviation 1 over the ratings: what is watched,
/// not what lies in the catalogue. Returns what they were, a row of means and one of deviations; of
/// the first column 0 and 1. The last `components` columns, of items' features, keep their sizes
/// beside each other: what varies little is mostly noise.
std::vector<double> standardise(FeatureColumns& features, std::span<const std::uint32_t> counts,
                                std::size_t components);

/// One row of features as the fit had them.
void standardise(const MatrixView& spread, std::span<double> features);

/// Coefficients, row by row, of standardised features become those of the features as they were.
void unscale(const MatrixView& spread, std::vector<double>& weights);

/// The other way round, one row.
std::vector<double> rescaled(const MatrixView& spread, std::span<const double> weights);

}  // namespace balse
