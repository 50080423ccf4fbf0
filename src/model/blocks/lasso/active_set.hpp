#pragma once

#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include "model/blocks/lasso/aligned_vector.hpp"
#include "model/blocks/lasso/cholesky_factor.hpp"
#include "model/blocks/lasso/user_problem.hpp"

namespace balse {

/// The tags whose coefficients are not zero (A), their signs, and the factor L L' of their Gram
/// matrix G_AA. A tag has a slot, its place in the factor; slots move up when a tag leaves.
class ActiveSet {
 public:
  explicit ActiveSet(const LassoKernels& kernels) : kernels_(&kernels), factor_(kernels) {}

  void clear(const UserProblem& problem);

  std::size_t size() const { return tag_.size(); }
  std::size_t tag(std::size_t slot) const { return tag_[slot]; }
  double sign(std::size_t slot) const { return sign_[slot]; }

  /// By local tag: infinite for those that may not enter (active, constant, or dependent on the
  /// active ones), otherwise 0.
  const AlignedVector& slack() const { return slack_; }

  /// False if the tag depends linearly on the active ones: it may not enter until one of those
  /// leaves.
  bool enter(UserProblem& problem, std::size_t tag, double sign);
  void leave(std::size_t slot);
  /// After enter() returned false: how the columns of the active tags add up to that tag's, by
  /// slot.
  void dependence(AlignedVector& x) const;

  /// Keeps a tag from entering, or no longer.
  void close(std::size_t tag) { slack_[tag] = HUGE_VAL; }
  void open(std::size_t tag) { slack_[tag] = 0.0; }

  /// x := L^-1 x and x := L'^-1 x, by slot.
  void solve_lower(AlignedVector& x) const { factor_.solve_lower(x.data()); }
  void solve_upper(AlignedVector& x) const { factor_.solve_upper(x.data()); }
  /// The last element of L^-1 x, after enter(): `solved` holds the others, `last` is x's.
  double solve_last(const AlignedVector& solved, double last) const;

  /// By slot.
  std::span<const std::size_t> tags() const { return tag_; }

 private:
  const LassoKernels* kernels_;
  CholeskyFactor factor_;
  std::vector<std::size_t> tag_;
  std::vector<std::size_t> column_;  // where its column of the Gram matrix is
  std::vector<double> sign_;
  AlignedVector slack_;
  std::vector<std::size_t> dependent_;
  AlignedVector row_;  // of L, the last
};

}  // namespace balse
