#include "model/blocks/lasso/active_set.hpp"

#include <algorithm>

namespace balse {

void ActiveSet::clear(const UserProblem& problem) {
  factor_.clear();
  tag_.clear();
  column_.clear();
  sign_.clear();
  dependent_.clear();
  slack_.assign(problem.stride(), 0.0);
  for (std::size_t j = 0; j < problem.stride(); ++j) {  // the padding as well
    if (problem.diagonal(j) == 0.0) {
      close(j);
    }
  }
  row_.resize(problem.stride());
}

bool ActiveSet::enter(UserProblem& problem, std::size_t tag, double sign) {
  // From the columns of the active tags: of a tag that depends on them, as thousands may, no column
  // is ever computed.
  for (std::size_t k = 0; k < size(); ++k) {
    row_[k] = problem.gram()[column_[k] + tag];
  }
  close(tag);
  if (!factor_.append(row_.data(), problem.diagonal(tag))) {
    dependent_.push_back(tag);
    return false;
  }
  tag_.push_back(tag);
  column_.push_back(problem.column(tag));
  sign_.push_back(sign);
  return true;
}

void ActiveSet::leave(std::size_t slot) {
  open(tag_[slot]);
  const auto position = static_cast<std::ptrdiff_t>(slot);
  tag_.erase(tag_.begin() + position);
  column_.erase(column_.begin() + position);
  sign_.erase(sign_.begin() + position);
  factor_.remove(slot);
  for (const std::size_t tag : dependent_) {
    open(tag);
  }
  dependent_.clear();
}

// The failed row of L is L^-1 G_Aj, and G_AA x = G_Aj.
void ActiveSet::dependence(AlignedVector& x) const {
  std::copy_n(row_.data(), size(), x.data());
  solve_upper(x);
}

double ActiveSet::solve_last(const AlignedVector& solved, double last) const {
  const std::size_t others = size() - 1;
  return (last - kernels_->dot(row_.data(), solved.data(), others)) * factor_.inverse(others);
}

}  // namespace balse
