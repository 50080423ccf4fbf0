#pragma once

#include <cstddef>
#include <cstdint>

#include "balse/data/tags.hpp"
#include "balse/model/lasso.hpp"

#include "model/kernels/lasso_kernels.hpp"

namespace balse {

/// fit_lasso() from a start with the kernels of one instruction set; tests try each. Scales are
/// those of the first `scaled` items.
Lasso fit_lasso_with(const LassoKernels& kernels, const RatingRows& by_user,
                     const TagMatrixView& tags, const LassoOptions& options, const Lasso& start,
                     LassoSummary* summary, std::size_t scaled = SIZE_MAX);

}  // namespace balse
