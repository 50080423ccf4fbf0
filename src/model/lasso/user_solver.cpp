#include "model/lasso/user_solver.hpp"

#include "model/lasso/coordinate_descent.hpp"

namespace balse {
namespace {

// Polishing gives up after this many rounds.
constexpr int kPolishRounds = 20;
constexpr std::size_t kPolishEpochs = 50;

}  // namespace

UserSolver::UserSolver(const LassoKernels& kernels, const TagMatrix& tags,
                       const std::vector<double>& inverse_scale, const LassoOptions& options)
    : kernels_(&kernels),
      relative_gap_(options.relative_gap),
      problem_(kernels, tags, inverse_scale, options.intercept, options.alpha),
      active_(kernels),
      homotopy_(kernels) {}

UserProblem::Evaluation UserSolver::solve(std::span<const std::uint32_t> items,
                                          std::span<const float> ratings) {
  problem_.load(items, ratings);
  steps_ = homotopy_.walk(problem_, active_, coefficient_);
  UserProblem::Evaluation result = problem_.evaluate(coefficient_, correlation_);
  for (int round = 0; round < kPolishRounds && !(result.relative_gap <= relative_gap_); ++round) {
    descend(*kernels_, problem_, kPolishEpochs, coefficient_, correlation_);
    result = problem_.evaluate(coefficient_, correlation_);
  }
  return result;
}

}  // namespace balse
