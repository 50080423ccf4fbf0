#pragma once

#include <cstddef>

#include "model/blocks/lasso/aligned_vector.hpp"
#include "model/blocks/lasso/user_problem.hpp"

namespace balse {

/// Cyclic coordinate descent on the Gram matrix (Friedman, Hastie & Tibshirani 2010), `epochs`
/// times over all tags or until nothing moves. `correlation` is X'(y - X coefficient) and is kept
/// so.
void descend(const LassoKernels& kernels, UserProblem& problem, std::size_t epochs,
             AlignedVector& coefficient, AlignedVector& correlation);

}  // namespace balse
