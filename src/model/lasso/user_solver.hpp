#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/model/lasso.hpp"

#include "model/lasso/active_set.hpp"
#include "model/lasso/homotopy.hpp"
#include "model/lasso/user_problem.hpp"

namespace balse {

/// Solves one user after the other; a thread has one of its own and its memory is reused.
class UserSolver {
 public:
  UserSolver(const LassoKernels& kernels, const TagMatrix& tags,
             const std::vector<double>& inverse_scale, const LassoOptions& options);

  /// At least one rating.
  UserProblem::Evaluation solve(std::span<const std::uint32_t> items,
                                std::span<const float> ratings);

  /// Of the last user.
  const UserProblem& problem() const { return problem_; }
  const AlignedVector& coefficient() const { return coefficient_; }
  std::size_t steps() const { return steps_; }

 private:
  const LassoKernels* kernels_;
  double relative_gap_;
  UserProblem problem_;
  ActiveSet active_;
  Homotopy homotopy_;
  AlignedVector coefficient_;
  AlignedVector correlation_;
  std::size_t steps_ = 0;
};

}  // namespace balse
