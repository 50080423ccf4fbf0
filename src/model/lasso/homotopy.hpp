#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "model/lasso/aligned_vector.hpp"
#include "model/lasso/cholesky_factor.hpp"
#include "model/lasso/user_problem.hpp"

namespace balse {

/// Follows the solution of
///     minimise 1/2 b'G b - q'b + lambda |b|_1
/// while q and lambda move along straight lines to the user's own: b moves along a line as well
/// until a coefficient reaches zero or an idle tag's correlation q - G b reaches lambda (Osborne,
/// Presnell & Turlach 2000; LARS with removals, Efron et al. 2004). Exact but for roundoff.
class Homotopy {
 public:
  explicit Homotopy(const LassoKernels& kernels) : kernels_(&kernels), factor_(kernels) {}

  /// From b = 0: lambda falls from where the first tag enters, q stays.
  void walk_from_zero(UserProblem& problem);

  /// From a good guess, of which `correlation` is X'(y - X coefficient): lambda stays and q comes
  /// from where the guess is the exact solution, so that the walk has a knot only for each tag the
  /// guess got wrong.
  void walk_from(UserProblem& problem, const AlignedVector& coefficient,
                 const AlignedVector& correlation);

  /// By local tag.
  const AlignedVector& coefficient() const { return coefficient_; }

  /// Knots of the last walk.
  std::size_t steps() const { return steps_; }

 private:
  void start(UserProblem& problem);
  void factor_active(const UserProblem& problem, const AlignedVector& coefficient);
  void walk(UserProblem& problem);
  void set_direction(const UserProblem& problem);
  double first_removal(double time, std::size_t& slot) const;
  void advance(double time);
  void enter(UserProblem& problem, std::size_t tag);
  void leave(std::size_t slot);
  double pull_on(std::size_t slot) const;
  void solve_half();
  void release(std::vector<std::size_t>& tags);

  const LassoKernels* kernels_;
  CholeskyFactor factor_;
  std::size_t steps_ = 0;

  // By local tag.
  AlignedVector coefficient_;
  AlignedVector correlation_;  // of the problem at the present point of the line
  AlignedVector drift_;        // what is left of the way of q
  AlignedVector change_;       // of the correlation on the rest of the way, if no knot is met
  AlignedVector slack_;        // infinite: active or set aside
  double lambda_ = 0.0;
  double lambda_left_ = 0.0;  // what is left of the way of lambda

  // By slot: the active tags in the order of the factor.
  std::vector<std::size_t> active_;
  std::vector<std::size_t> column_;
  std::vector<double> sign_;
  AlignedVector half_solved_;  // L^-1 of the pull on the active tags
  AlignedVector direction_;    // of the coefficients on the rest of the way
  AlignedVector row_;

  // Tags that may not enter for now.
  std::vector<std::size_t> dependent_;  // linearly on the active ones: until one of these leaves
  std::vector<std::size_t> postponed_;  // just left: until the walk has moved on
};

}  // namespace balse
