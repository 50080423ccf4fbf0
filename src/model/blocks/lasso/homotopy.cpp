#include "model/blocks/lasso/homotopy.hpp"

#include <algorithm>
#include <cmath>

namespace balse {
namespace {

double sign_of(double x) {
  return x < 0 ? -1.0 : 1.0;
}

// The first active coefficient to reach zero before `time` if all move by `direction`, or slot
// unchanged.
double first_removal(const ActiveSet& active, const AlignedVector& coefficient,
                     const AlignedVector& direction, double time, std::size_t& slot) {
  for (std::size_t k = 0; k < active.size(); ++k) {
    const double now = active.sign(k) * coefficient[active.tag(k)];
    const double speed = active.sign(k) * direction[k];
    if (now + time * speed < 0.0 && speed < 0.0) {
      time = std::max(now, 0.0) / -speed;
      slot = k;
    }
  }
  return time;
}

}  // namespace

std::size_t Homotopy::walk(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient) {
  active.clear(problem);
  coefficient.assign(problem.stride(), 0.0);
  correlation_ = problem.correlation();
  lambda_ = problem.lambda();
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    if (active.slack()[j] == 0.0) {
      lambda_ = std::max(lambda_, std::abs(correlation_[j]));
    }
  }
  lambda_left_ = problem.lambda() - lambda_;
  if (!(lambda_left_ < 0.0)) {
    return 0;
  }
  pull_.assign(problem.stride(), 0.0);
  return follow(problem, active, coefficient, 16 * problem.tags() + 64);
}

std::size_t Homotopy::walk_from(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient,
                                AlignedVector& correlation) {
  active.clear(problem);
  bool dropped = false;
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    if (coefficient[j] != 0.0 &&
        (active.slack()[j] != 0.0 || !active.enter(problem, j, sign_of(coefficient[j])))) {
      coefficient[j] = 0.0;
      dropped = true;
    }
  }
  if (dropped) {
    problem.evaluate(coefficient, correlation);
  }
  set_start(problem, active, coefficient, correlation);
  return follow(problem, active, coefficient, problem.tags() + 64);
}

// The start is the solution for the q that puts the correlations of its tags at lambda and the
// others' inside. Where inside is free; this way the worst offenders enter first, none at once and
// hardly two together.
void Homotopy::set_start(const UserProblem& problem, const ActiveSet& active,
                         const AlignedVector& coefficient, const AlignedVector& correlation) {
  lambda_ = problem.lambda();
  lambda_left_ = 0.0;
  correlation_ = correlation;
  pull_.assign(problem.stride(), 0.0);
  for (std::size_t j = 0; j < problem.tags(); ++j) {
    if (coefficient[j] != 0.0) {
      correlation_[j] = sign_of(coefficient[j]) * lambda_;
    } else if (std::abs(correlation[j]) > lambda_) {
      correlation_[j] = lambda_ * (lambda_ / correlation[j]);
    }
    pull_[j] = correlation[j] - correlation_[j];
  }
  half_solved_.resize(problem.stride());
  solve_half(active);
}

std::size_t Homotopy::follow(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient,
                             std::size_t limit) {
  change_.resize(problem.stride());
  half_solved_.resize(problem.stride());
  direction_.resize(problem.stride());
  postponed_.clear();
  std::size_t steps = 0;
  for (; steps < limit; ++steps) {
    set_direction(problem, active);
    std::size_t slot = active.size();
    const double removal = first_removal(active, coefficient, direction_, 1.0, slot);
    const LassoBoundary boundary = {correlation_.data(), change_.data(), active.slack().data(),
                                    problem.stride(),    lambda_,        lambda_left_};
    LassoCrossing crossing = kernels_->first_crossing(boundary, removal);
    look_at_postponed(crossing);
    advance(crossing.time, active, coefficient);
    if (crossing.time > 0.0) {
      for (const Postponed& left : postponed_) {
        active.open(left.tag);
      }
      postponed_.clear();
    }
    if (crossing.tag != LassoCrossing::kNoTag) {
      enter(problem, active, coefficient, crossing.tag);
    } else if (slot < active.size()) {
      leave(active, coefficient, slot);
    } else {
      break;
    }
  }
  return steps;
}

void Homotopy::set_direction(UserProblem& problem, const ActiveSet& active) {
  std::copy_n(half_solved_.data(), active.size(), direction_.data());
  active.solve_upper(direction_);
  change_ = pull_;
  problem.subtract_gram_product(active.tags(), direction_, change_);
}

void Homotopy::advance(double time, const ActiveSet& active, AlignedVector& coefficient) {
  const double rest = 1.0 - time;
  for (std::size_t k = 0; k < active.size(); ++k) {
    coefficient[active.tag(k)] += time * direction_[k];
    half_solved_[k] *= rest;
  }
  // Pointers: with the library's assertions on every element no compiler makes vectors of it.
  const double* const change = change_.data();
  double* const correlation = correlation_.data();
  double* const pull = pull_.data();
  for (std::size_t j = 0; j < change_.size(); ++j) {
    correlation[j] += time * change[j];
    pull[j] *= rest;
  }
  lambda_ = std::max(lambda_ + time * lambda_left_, 0.0);  // roundoff, where the end is near 0
  lambda_left_ *= rest;
}

void Homotopy::enter(UserProblem& problem, ActiveSet& active, AlignedVector& coefficient,
                     std::size_t tag) {
  const double sign = sign_of(correlation_[tag]);
  if (!active.enter(problem, tag, sign) &&
      !(make_room(active, coefficient, tag, sign) && active.enter(problem, tag, sign))) {
    coefficient[tag] = 0.0;
    return;
  }
  correlation_[tag] = sign * lambda_;
  const std::size_t slot = active.size() - 1;
  half_solved_[slot] = active.solve_last(half_solved_, pull_on(active, slot));
}

// A tag that depends on the active ones, x_j = X_A w, takes over from them, b_j growing and b_A
// falling by w times that, X b staying, until one of those is zero and leaves (the exchange of
// online active sets). Where lambda falls such a tag stays at its bound and may be left out.
bool Homotopy::make_room(ActiveSet& active, AlignedVector& coefficient, std::size_t tag,
                         double sign) {
  if (lambda_left_ != 0.0) {
    return false;
  }
  active.dependence(direction_);
  for (std::size_t k = 0; k < active.size(); ++k) {
    direction_[k] *= -sign;
  }
  std::size_t slot = active.size();
  const double growth = first_removal(active, coefficient, direction_, HUGE_VAL, slot);
  if (slot == active.size()) {
    return false;
  }
  for (std::size_t k = 0; k < active.size(); ++k) {
    coefficient[active.tag(k)] += growth * direction_[k];
  }
  coefficient[tag] = sign * growth;
  leave(active, coefficient, slot);
  return true;
}

// A tag that just left is closed for the side it came from, but it may cross to the other side on
// this very segment.
void Homotopy::look_at_postponed(LassoCrossing& crossing) const {
  for (const Postponed& left : postponed_) {
    const double speed = -left.sign * change_[left.tag] - lambda_left_;
    const double distance = lambda_ + left.sign * correlation_[left.tag];
    if (speed > 0.0 && distance < crossing.time * speed) {
      crossing = {std::max(distance, 0.0) / speed, left.tag};
    }
  }
}

// A tag that leaves moves inside its bound; roundoff must not bring it back at once.
void Homotopy::leave(ActiveSet& active, AlignedVector& coefficient, std::size_t slot) {
  const std::size_t tag = active.tag(slot);
  const double sign = active.sign(slot);
  coefficient[tag] = 0.0;
  correlation_[tag] = sign * lambda_;
  active.leave(slot);
  active.close(tag);
  postponed_.push_back({tag, sign});
  solve_half(active);
}

// The active coefficients move by d with G_AA d = pull: an active correlation stays on its bound.
double Homotopy::pull_on(const ActiveSet& active, std::size_t slot) const {
  return pull_[active.tag(slot)] - lambda_left_ * active.sign(slot);
}

void Homotopy::solve_half(const ActiveSet& active) {
  for (std::size_t k = 0; k < active.size(); ++k) {
    half_solved_[k] = pull_on(active, k);
  }
  active.solve_lower(half_solved_);
}

}  // namespace balse
