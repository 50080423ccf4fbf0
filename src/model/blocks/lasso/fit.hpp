#pragma once

#include "balse/model/lasso.hpp"

#include "model/kernels/lasso_kernels.hpp"

namespace balse {

/// fit_lasso() from a start with the kernels of one instruction set; tests try each.
Lasso fit_lasso_with(const LassoKernels& kernels, const RatingRows& by_user, const TagMatrix& tags,
                     const LassoOptions& options, const Lasso& start, LassoSummary* summary);

}  // namespace balse
