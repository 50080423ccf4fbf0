#include "model/lasso/user_solver.hpp"

#include <cstdlib>

#include "model/lasso/coordinate_descent.hpp"

namespace balse {
namespace {

// A walk from zero has about as many knots as the solution has tags; beyond this many, guessing
// most of them by coordinate descent and walking the rest is faster (measured; flat around it).
std::size_t guess_from = std::getenv("GF") ? atoi(std::getenv("GF")) : 150;
std::size_t guess_epochs = std::getenv("GE") ? atoi(std::getenv("GE")) : 20;

// Polishing gives up after this many rounds.
constexpr int polish_rounds = 20;
constexpr std::size_t polish_epochs = 50;

}  // namespace

UserSolver::UserSolver(const LassoKernels& kernels, const TagMatrix& tags,
                       const std::vector<double>& inverse_scale, const LassoOptions& options)
    : kernels_(&kernels),
      relative_gap_(options.relative_gap),
      problem_(kernels, tags, inverse_scale, options.intercept, options.alpha),
      homotopy_(kernels) {}

UserProblem::Evaluation UserSolver::solve(std::span<const std::uint32_t> items,
                                          std::span<const float> ratings) {
  problem_.load(items, ratings);
  steps_ = 0;
  UserProblem::Evaluation result;
  if (problem_.rank_bound() > guess_from) {
    guess_and_walk();
    result = evaluate_walk();
    if (result.relative_gap <= relative_gap_) {
      return result;
    }
  }
  homotopy_.walk_from_zero(problem_);
  result = evaluate_walk();
  for (int round = 0; round < polish_rounds && !(result.relative_gap <= relative_gap_); ++round) {
    descend(*kernels_, problem_, polish_epochs, coefficient_, correlation_);
    result = problem_.evaluate(coefficient_, correlation_);
  }
  return result;
}

void UserSolver::guess_and_walk() {
  problem_.compute_all_columns();
  coefficient_.assign(problem_.stride(), 0.0);
  correlation_ = problem_.correlation();
  descend(*kernels_, problem_, guess_epochs, coefficient_, correlation_);
  homotopy_.walk_from(problem_, coefficient_, correlation_);
}

UserProblem::Evaluation UserSolver::evaluate_walk() {
  steps_ += homotopy_.steps();
  coefficient_ = homotopy_.coefficient();
  return problem_.evaluate(coefficient_, correlation_);
}

}  // namespace balse
