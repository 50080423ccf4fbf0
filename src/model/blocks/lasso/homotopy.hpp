#pragma once

#include <cstddef>
#include <vector>

#include "model/blocks/lasso/active_set.hpp"
#include "model/blocks/lasso/aligned_vector.hpp"
#include "model/blocks/lasso/user_problem.hpp"
#include "model/kernels/lasso_kernels.hpp"

namespace balse {

/// Follows the solution of
///     minimise 1/2 b'G b - q'b + lambda |b|_1
/// while lambda or q changes steadily into the user's own: b moves along a line until a coefficient
/// reaches zero or an idle tag's correlation q - G b reaches lambda (Osborne, Presnell & Turlach
/// 2000; LARS with removals, Efron et al. 2004). Exact but for roundoff.
class Homotopy {
 public:
  explicit Homotopy(const LassoKernels& kernels) : kernels_(&kernels) {}

  /// From b = 0, lambda falling from where that is the solution. `active` becomes the tags of the
  /// solution, `coefficient` (by local tag) the solution. Returns the number of knots.
  std::size_t walk(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient);

  /// From b = `coefficient`, q changing from one that has this solution (an online active set:
  /// Ferreau, Bock & Diehl 2008); `correlation` is X'(y - X b). Near the solution there are few
  /// knots. May give up, far from it.
  std::size_t walk_from(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient,
                        AlignedVector& correlation);

 private:
  void set_start(const UserProblem& problem, const ActiveSet& active,
                 const AlignedVector& coefficient, const AlignedVector& correlation);
  std::size_t follow(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient,
                     std::size_t limit);
  void set_direction(UserProblem& problem, const ActiveSet& active);
  void look_at_postponed(LassoCrossing& crossing) const;
  void advance(double time, const ActiveSet& active, AlignedVector& coefficient);
  void enter(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient, std::size_t tag);
  bool make_room(ActiveSet& active, AlignedVector& coefficient, std::size_t tag, double sign);
  void leave(ActiveSet& active, AlignedVector& coefficient, std::size_t slot);
  double pull_on(const ActiveSet& active, std::size_t slot) const;
  void solve_half(const ActiveSet& active);

  const LassoKernels* kernels_;

  // By local tag.
  AlignedVector correlation_;  // q - G b
  AlignedVector pull_;         // what is left of the way of q
  AlignedVector change_;       // of the correlation on the rest of the way, if no knot is met
  double lambda_ = 0.0;
  double lambda_left_ = 0.0;  // what is left of the way of lambda

  // By slot.
  AlignedVector half_solved_;  // L^-1 of the pull on the active tags
  AlignedVector direction_;    // of the coefficients on the rest of the way

  // Tags that just left: where they came from they may enter once the walk has moved on.
  struct Postponed {
    std::size_t tag;
    double sign;
  };
  std::vector<Postponed> postponed_;
};

}  // namespace balse
