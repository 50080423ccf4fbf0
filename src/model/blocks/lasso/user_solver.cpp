#include "model/blocks/lasso/user_solver.hpp"

#include <cmath>

#include "model/blocks/lasso/coordinate_descent.hpp"

namespace balse {
namespace {

// Polishing gives up after this many rounds.
constexpr int kPolishRounds = 20;
constexpr std::size_t kPolishEpochs = 50;

}  // namespace

UserSolver::UserSolver(const LassoKernels& kernels, const TagMatrixView& tags,
                       const std::vector<double>& inverse_scale, const LassoOptions& options)
    : kernels_(&kernels),
      inverse_scale_(&inverse_scale),
      relative_gap_(options.relative_gap),
      problem_(kernels, tags, inverse_scale, options.intercept, options.alpha),
      active_(kernels),
      homotopy_(kernels) {}

UserProblem::Evaluation UserSolver::solve(std::span<const std::uint32_t> items,
                                          std::span<const float> ratings, const LassoStart& start) {
  problem_.load(items, ratings);
  steps_ = 0;
  if (!start.tag.empty()) {
    set_coefficient(start);
    const UserProblem::Evaluation result = solve_warm();
    warm_ = result.relative_gap <= relative_gap_;
    if (warm_) {
      return result;
    }
  }
  warm_ = false;
  return solve_cold();
}

// Both sides are sorted; tags the user's items no longer have are passed over.
void UserSolver::set_coefficient(const LassoStart& start) {
  coefficient_.assign(problem_.stride(), 0.0);
  std::size_t k = 0;
  for (std::size_t j = 0; j < problem_.tags() && k < start.tag.size(); ++j) {
    const std::uint32_t tag = problem_.global(j);
    while (k < start.tag.size() && start.tag[k] < tag) {
      ++k;
    }
    if (k < start.tag.size() && start.tag[k] == tag) {
      coefficient_[j] = start.coefficient[k] / (*inverse_scale_)[tag];
    }
  }
}

// A start worse than no coefficients at all (or not finite) is not worth a try.
UserProblem::Evaluation UserSolver::solve_warm() {
  UserProblem::Evaluation result = problem_.evaluate(coefficient_, correlation_);
  if (!(result.objective < problem_.null_objective())) {
    result.relative_gap = HUGE_VAL;
    return result;
  }
  if (!(result.relative_gap <= relative_gap_)) {
    steps_ += homotopy_.walk_from(problem_, active_, coefficient_, correlation_);
    result = problem_.evaluate(coefficient_, correlation_);
  }
  return result;
}

UserProblem::Evaluation UserSolver::solve_cold() {
  steps_ += homotopy_.walk(problem_, active_, coefficient_);
  UserProblem::Evaluation result = problem_.evaluate(coefficient_, correlation_);
  for (int round = 0; round < kPolishRounds && !(result.relative_gap <= relative_gap_); ++round) {
    descend(*kernels_, problem_, kPolishEpochs, coefficient_, correlation_);
    result = problem_.evaluate(coefficient_, correlation_);
  }
  return result;
}

}  // namespace balse
