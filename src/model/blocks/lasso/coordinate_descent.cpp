#include "model/blocks/lasso/coordinate_descent.hpp"

#include <algorithm>
#include <cmath>

namespace balse {

void descend(const LassoKernels& kernels, UserProblem& problem, std::size_t epochs,
             AlignedVector& coefficient, AlignedVector& correlation) {
  const double lambda = problem.lambda();
  bool moved = true;
  for (std::size_t epoch = 0; epoch < epochs && moved; ++epoch) {
    moved = false;
    for (std::size_t j = 0; j < problem.tags(); ++j) {
      const double diagonal = problem.diagonal(j);
      const double old = coefficient[j];
      const double pull = correlation[j] + diagonal * old;
      if (diagonal == 0.0 || (old == 0.0 && std::abs(pull) <= lambda)) {
        continue;
      }
      const double shrunk = std::max(std::abs(pull) - lambda, 0.0) / diagonal;
      const double step = old - std::copysign(shrunk, pull);
      if (step != 0.0) {
        coefficient[j] = std::copysign(shrunk, pull);
        const std::size_t column = problem.column(j);
        kernels.add_columns(problem.gram(), &column, &step, 1, correlation.data(),
                            correlation.size());
        moved = true;
      }
    }
  }
}

}  // namespace balse
