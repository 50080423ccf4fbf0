#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "balse/data/tags.hpp"
#include "balse/model/lasso.hpp"

#include "model/blocks/lasso/active_set.hpp"
#include "model/blocks/lasso/homotopy.hpp"
#include "model/blocks/lasso/user_problem.hpp"

namespace balse {

/// Coefficients to start from, in raw tag units: columns of the tag matrix, ascending.
struct LassoStart {
  std::span<const std::uint32_t> tag;
  std::span<const double> coefficient;
};

/// Solves one user after the other; a thread has one of its own and its memory is reused.
class UserSolver {
 public:
  UserSolver(const LassoKernels& kernels, const TagMatrixView& tags,
             const std::vector<double>& inverse_scale, const LassoOptions& options);

  /// At least one rating. The start may be empty or anything else: it makes the way shorter or
  /// longer, the result is as close to the optimum.
  UserProblem::Evaluation solve(std::span<const std::uint32_t> items,
                                std::span<const float> ratings, const LassoStart& start);

  /// Of the last user.
  const UserProblem& problem() const { return problem_; }
  const AlignedVector& coefficient() const { return coefficient_; }
  /// Of all ways tried.
  std::size_t steps() const { return steps_; }
  /// Whether the solution was found from the start.
  bool warm() const { return warm_; }

 private:
  void set_coefficient(const LassoStart& start);
  UserProblem::Evaluation solve_warm();
  UserProblem::Evaluation solve_cold();

  const LassoKernels* kernels_;
  const std::vector<double>* inverse_scale_;
  double relative_gap_;
  UserProblem problem_;
  ActiveSet active_;
  Homotopy homotopy_;
  AlignedVector coefficient_;
  AlignedVector correlation_;
  std::size_t steps_ = 0;
  bool warm_ = false;
};

}  // namespace balse
