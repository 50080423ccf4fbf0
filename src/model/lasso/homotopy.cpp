#include "model/lasso/homotopy.hpp"

#include <algorithm>
#include <cmath>

namespace balse {
namespace {

constexpr double infinity = HUGE_VAL;

}  // namespace

void Homotopy::start(UserProblem& problem) {
  const std::size_t stride = problem.stride();
  steps_ = 0;
  factor_.clear();
  active_.clear();
  column_.clear();
  sign_.clear();
  dependent_.clear();
  postponed_.clear();
  coefficient_.assign(stride, 0.0);
  drift_.assign(stride, 0.0);
  change_.resize(stride);
  slack_.assign(stride, 0.0);
  half_solved_.resize(stride);
  direction_.resize(stride);
  row_.resize(stride);
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    if (problem.diagonal(j) == 0.0) {
      slack_[j] = infinity;
    }
  }
}

void Homotopy::walk_from_zero(UserProblem& problem) {
  start(problem);
  correlation_ = problem.correlation();
  lambda_ = problem.lambda();
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    if (slack_[j] == 0.0) {
      lambda_ = std::max(lambda_, std::abs(correlation_[j]));
    }
  }
  lambda_left_ = problem.lambda() - lambda_;
  if (lambda_left_ < 0.0) {
    walk(problem);
  }
}

void Homotopy::walk_from(UserProblem& problem, const AlignedVector& coefficient,
                         const AlignedVector& correlation) {
  start(problem);
  correlation_ = correlation;
  lambda_ = problem.lambda();
  lambda_left_ = 0.0;
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    if (coefficient[j] != 0.0 && slack_[j] == 0.0) {
      active_.push_back(j);
      column_.push_back(problem.column(j));
    }
  }
  factor_active(problem, coefficient);
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    const double bound = coefficient_[j] < 0 ? -lambda_ : lambda_;
    const double here =
        coefficient_[j] != 0.0 ? bound : std::clamp(correlation_[j], -lambda_, lambda_);
    drift_[j] = correlation_[j] - here;
    correlation_[j] = here;
  }
  for (std::size_t k = 0; k < active_.size(); ++k) {
    sign_.push_back(coefficient_[active_[k]] < 0 ? -1.0 : 1.0);
  }
  solve_half();
  walk(problem);
}

// Tags that depend on others lose their part in the guess and are set aside.
void Homotopy::factor_active(const UserProblem& problem, const AlignedVector& coefficient) {
  const double* gram = problem.gram();
  const auto& dependent = factor_.factor(active_.size(), [&](std::size_t j, double* column) {
    for (std::size_t i = j; i < active_.size(); ++i) {
      column[i] = gram[column_[j] + active_[i]];
    }
  });
  for (auto slot = dependent.rbegin(); slot != dependent.rend(); ++slot) {
    const std::size_t tag = active_[*slot];
    kernels_->add_columns(gram, &column_[*slot], &coefficient[tag], 1, correlation_.data(),
                          correlation_.size());
    slack_[tag] = infinity;
    dependent_.push_back(tag);
    active_.erase(active_.begin() + static_cast<std::ptrdiff_t>(*slot));
    column_.erase(column_.begin() + static_cast<std::ptrdiff_t>(*slot));
  }
  for (const std::size_t tag : active_) {
    coefficient_[tag] = coefficient[tag];
    slack_[tag] = infinity;
  }
}

// The active coefficients move by d with G_AA d = pull: an active correlation stays on its bound.
double Homotopy::pull_on(std::size_t slot) const {
  return drift_[active_[slot]] - lambda_left_ * sign_[slot];
}

void Homotopy::walk(UserProblem& problem) {
  const std::size_t limit = 16 * problem.tags() + 64;
  for (; steps_ < limit; ++steps_) {
    set_direction(problem);
    std::size_t slot = active_.size();
    const double removal = first_removal(1.0, slot);
    const LassoBoundary boundary = {correlation_.data(), change_.data(), slack_.data(),
                                    problem.stride(),    lambda_,        lambda_left_};
    const LassoCrossing crossing = kernels_->first_crossing(boundary, removal);
    advance(crossing.time);
    if (crossing.time > 0.0) {
      release(postponed_);
    }
    if (crossing.tag != LassoCrossing::no_tag) {
      enter(problem, crossing.tag);
    } else if (slot < active_.size()) {
      leave(slot);
    } else {
      return;
    }
  }
}

void Homotopy::set_direction(const UserProblem& problem) {
  const std::size_t size = active_.size();
  std::copy_n(half_solved_.data(), size, direction_.data());
  factor_.solve_upper(direction_.data());
  std::copy(drift_.begin(), drift_.end(), change_.begin());
  for (std::size_t k = 0; k < size; ++k) {
    row_[k] = -direction_[k];
  }
  kernels_->add_columns(problem.gram(), column_.data(), row_.data(), size, change_.data(),
                        problem.stride());
}

// The first active coefficient to reach zero before `time`, or slot unchanged.
double Homotopy::first_removal(double time, std::size_t& slot) const {
  for (std::size_t k = 0; k < active_.size(); ++k) {
    const double now = sign_[k] * coefficient_[active_[k]];
    const double speed = sign_[k] * direction_[k];
    if (now + time * speed < 0.0) {
      time = std::max(now, 0.0) / -speed;
      slot = k;
    }
  }
  return time;
}

void Homotopy::advance(double time) {
  const double rest = 1.0 - time;
  for (std::size_t k = 0; k < active_.size(); ++k) {
    coefficient_[active_[k]] += time * direction_[k];
    half_solved_[k] *= rest;
  }
  for (std::size_t j = 0; j < change_.size(); ++j) {
    correlation_[j] += time * change_[j];
    drift_[j] *= rest;
  }
  lambda_ += time * lambda_left_;
  lambda_left_ *= rest;
}

void Homotopy::enter(UserProblem& problem, std::size_t tag) {
  const std::size_t column = problem.column(tag);
  const std::size_t size = active_.size();
  for (std::size_t k = 0; k < size; ++k) {
    row_[k] = problem.gram()[column + active_[k]];
  }
  slack_[tag] = infinity;
  if (!factor_.append(row_.data(), problem.diagonal(tag))) {
    dependent_.push_back(tag);
    return;
  }
  active_.push_back(tag);
  column_.push_back(column);
  sign_.push_back(correlation_[tag] < 0 ? -1.0 : 1.0);
  correlation_[tag] = sign_.back() * lambda_;
  half_solved_[size] =
      (pull_on(size) - kernels_->dot(row_.data(), half_solved_.data(), size)) *
      factor_.inverse(size);
}

void Homotopy::leave(std::size_t slot) {
  const std::size_t tag = active_[slot];
  coefficient_[tag] = 0.0;
  correlation_[tag] = sign_[slot] * lambda_;
  const auto position = static_cast<std::ptrdiff_t>(slot);
  active_.erase(active_.begin() + position);
  column_.erase(column_.begin() + position);
  sign_.erase(sign_.begin() + position);
  factor_.remove(slot);
  release(dependent_);
  postponed_.push_back(tag);
  solve_half();
}

void Homotopy::solve_half() {
  for (std::size_t k = 0; k < active_.size(); ++k) {
    half_solved_[k] = pull_on(k);
  }
  factor_.solve_lower(half_solved_.data());
}

// Free to enter again.
void Homotopy::release(std::vector<std::size_t>& tags) {
  for (const std::size_t tag : tags) {
    slack_[tag] = 0.0;
  }
  tags.clear();
}

}  // namespace balse
