#include "balse/model/steins_gate.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/random.hpp"

namespace balse {
namespace {

// sigma(+-kSaturated) is 1 and 0 in double precision: a constant gate.
constexpr double kSaturated = 40.0;
// Steeper than this a gate is a step between two neighbouring counts.
constexpr double kLargestSlope = 50.0;

double sigmoid(double x) {
  return 1.0 / (1.0 + std::exp(-x));
}

/// Sum of squared errors of the blend whose weight of ALS is `weight_of` the count.
template <typename WeightOf>
double blended_loss(const std::vector<GateSamples::Group>& groups, const WeightOf& weight_of) {
  double loss = 0.0;
  for (std::size_t count = 0; count < groups.size(); ++count) {
    const GateSamples::Group& group = groups[count];
    if (group.rows > 0) {
      const double w = weight_of(static_cast<double>(count));
      loss += group.constant + w * (2.0 * group.linear + w * group.quadratic);
    }
  }
  return loss;
}

/// Loss with its gradient and the Gauss-Newton part of its Hessian in (slope, offset).
struct Expansion {
  double loss = 0.0;
  std::array<double, 2> gradient = {};
  std::array<double, 3> hessian = {};  // slope-slope, slope-offset, offset-offset
};

Expansion expand(const std::vector<GateSamples::Group>& groups, const SteinsGate& gate) {
  Expansion result;
  for (std::size_t count = 0; count < groups.size(); ++count) {
    const GateSamples::Group& group = groups[count];
    if (group.rows == 0) {
      continue;
    }
    const auto r = static_cast<double>(count);
    const double w = gate.weight(r);
    const double dw = w * (1.0 - w);
    result.loss += group.constant + w * (2.0 * group.linear + w * group.quadratic);
    const double first = 2.0 * (group.linear + w * group.quadratic) * dw;
    const double second = 2.0 * group.quadratic * dw * dw;
    result.gradient[0] += first * r;
    result.gradient[1] += first;
    result.hessian[0] += second * r * r;
    result.hessian[1] += second * r;
    result.hessian[2] += second;
  }
  return result;
}

/// Levenberg-Marquardt from `gate`, kept within 0 <= slope <= kLargestSlope.
SteinsGate descend(const GateSamples& samples, SteinsGate gate) {
  double damping = 1e-3;
  Expansion here = expand(samples.groups(), gate);
  for (int step = 0; step < 200 && damping < 1e12; ++step) {
    const double a = here.hessian[0] * (1.0 + damping) + 1e-300;
    const double b = here.hessian[1];
    const double c = here.hessian[2] * (1.0 + damping) + 1e-300;
    const double determinant = a * c - b * b;
    if (!(determinant > 0.0)) {
      damping *= 10.0;
      continue;
    }
    SteinsGate next;
    next.slope = gate.slope - (c * here.gradient[0] - b * here.gradient[1]) / determinant;
    next.offset = gate.offset - (a * here.gradient[1] - b * here.gradient[0]) / determinant;
    next.slope = std::clamp(next.slope, 0.0, kLargestSlope);
    const Expansion there = expand(samples.groups(), next);
    if (there.loss < here.loss) {
      const bool settled = here.loss - there.loss <= 1e-15 * here.loss;
      gate = next;
      here = there;
      damping = std::max(damping * 0.1, 1e-12);
      if (settled) {
        break;
      }
    } else {
      damping *= 10.0;
    }
  }
  return gate;
}

/// The loss has several local minima (a step at a small count and a slow rise over large ones may
/// both be good), so the best few points of a grid over (gamma, log beta) are all descended from.
std::vector<SteinsGate> starting_points(const GateSamples& samples) {
  constexpr std::size_t kKept = 8;
  std::vector<std::pair<double, SteinsGate>> grid;
  const auto largest = static_cast<double>(samples.groups().size());
  double beta = 1e-4;
  for (int step = 0; step < 14; ++step, beta *= 2.5) {  // up to 15: a step between two counts
    const auto consider = [&](double gamma) {
      const SteinsGate gate{.slope = beta, .offset = -beta * gamma};
      grid.emplace_back(samples.loss(gate), gate);
    };
    double gamma = 0.5;
    while (gamma <= largest * 2.0) {
      consider(gamma);
      consider(-gamma);
      gamma *= 1.6;
    }
    // Nearly flat gates: gamma far outside the counts.
    for (const double logit : {-4.0, -2.0, 2.0, 4.0}) {
      consider(-logit / beta);
    }
  }
  std::sort(grid.begin(), grid.end(),
            [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<SteinsGate> starts;
  for (std::size_t k = 0; k < std::min(kKept, grid.size()); ++k) {
    starts.push_back(grid[k].second);
  }
  return starts;
}

/// The weight, the same for every count, with the smallest loss.
SteinsGate best_constant(const GateSamples& samples) {
  double linear = 0.0;
  double quadratic = 0.0;
  for (const GateSamples::Group& group : samples.groups()) {
    linear += group.linear;
    quadratic += group.quadratic;
  }
  const double w = quadratic > 0.0 ? std::clamp(-linear / quadratic, 0.0, 1.0) : 1.0;
  const double logit = std::log(w) - std::log1p(-w);
  return {.slope = 0.0, .offset = std::clamp(logit, -kSaturated, kSaturated)};
}

SteinsGate fit_optimum(const GateSamples& samples) {
  SteinsGate best{.slope = 0.0, .offset = kSaturated};
  double best_loss = samples.loss(best);
  const auto consider = [&](const SteinsGate& gate) {
    const double loss = samples.loss(gate);
    if (loss < best_loss) {
      best = gate;
      best_loss = loss;
    }
  };
  consider({.slope = 0.0, .offset = -kSaturated});
  consider(best_constant(samples));
  // Samples of one count (0, where items are held out whole) do not tell a slope from an offset:
  // what a slope gains on the constant is rounding.
  const auto& groups = samples.groups();
  if (std::count_if(groups.begin(), groups.end(),
                    [](const GateSamples::Group& group) { return group.rows > 0; }) > 1) {
    for (const SteinsGate& start : starting_points(samples)) {
      consider(descend(samples, start));
    }
  }
  return best;
}

SteinsGate fit_descent(const GateSamples& samples, const GateOptions& options) {
  Random random(options.seed);
  double beta = random.normal();
  double gamma = random.normal();
  const auto rows = static_cast<double>(samples.rows());
  for (int step = 0; step < options.steps; ++step) {
    const double rate = options.learning_rate * std::pow(options.decay, step / options.decay_steps);
    const Expansion here = expand(samples.groups(), {.slope = beta, .offset = -beta * gamma});
    const double rmse = std::sqrt(here.loss / rows);
    if (!(rmse > 0.0)) {
      break;
    }
    // d RMSE = d loss / (2 rows RMSE); offset = -beta gamma.
    const double scale = 1.0 / (2.0 * rows * rmse);
    const double by_beta = (here.gradient[0] - gamma * here.gradient[1]) * scale;
    const double by_gamma = -beta * here.gradient[1] * scale;
    beta -= rate * by_beta;
    gamma -= rate * by_gamma;
  }
  if (!std::isfinite(beta) || !std::isfinite(beta * gamma)) {
    throw Error(ErrorKind::bad_data, {.found = "the gate's gradient descent did not stay finite",
                                      .hint = "a smaller learning rate"});
  }
  return {.slope = beta, .offset = -beta * gamma};
}

}  // namespace

double SteinsGate::weight(double item_count) const {
  return sigmoid(slope * item_count + offset);
}

double SteinsGate::blend(double item_count, double als, double lasso) const {
  return lasso + weight(item_count) * (als - lasso);
}

void GateOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 3> kMethod = {"optimum", "descent", "by-count"};
  constexpr int kMostSteps = 10'000'000;
  visitor.enter(kGroup);
  visitor.choice(
      {"method",
       "optimum: the sigmoid that is best on the validation ratings; descent: the paper's gradient "
       "descent; by-count: no sigmoid, but any weight of ALS that does not fall with the count",
       "gate"},
      kMethod, method);
  visitor.number({"learning-rate", "Of the gradient descent", "gate-rate"}, {0.0, 1000.0, true},
                 learning_rate);
  visitor.number({"decay", "What the learning rate is multiplied by again and again"},
                 {0.0, 1.0, true}, decay);
  visitor.whole({"decay-steps", "Steps of the gradient descent from one decay to the next"},
                {1, kMostSteps}, decay_steps);
  visitor.whole({"steps", "Of the gradient descent"}, {1, kMostSteps}, steps);
}

std::string GateOptions::validate() const {
  return first_fault(*this);
}

void GateSamples::add(std::uint32_t item_count, double als, double lasso, double rating) {
  if (item_count >= groups_.size()) {
    groups_.resize(std::size_t{item_count} + 1);
  }
  Group& group = groups_[item_count];
  const double error = lasso - rating;
  const double step = als - lasso;
  group.constant += error * error;
  group.linear += error * step;
  group.quadratic += step * step;
  ++group.rows;
  ++rows_;
}

void GateSamples::add(const GateSamples& others) {
  groups_.resize(std::max(groups_.size(), others.groups_.size()));
  for (std::size_t count = 0; count < others.groups_.size(); ++count) {
    Group& group = groups_[count];
    const Group& other = others.groups_[count];
    group.constant += other.constant;
    group.linear += other.linear;
    group.quadratic += other.quadratic;
    group.rows += other.rows;
  }
  rows_ += others.rows_;
}

double GateSamples::loss(const SteinsGate& gate) const {
  return blended_loss(groups_, [&](double count) { return gate.weight(count); });
}

double GateSamples::loss(const CountGate& gate) const {
  return blended_loss(groups_, [&](double count) { return gate.weight_at(count); });
}

SteinsGate fit_gate(const GateSamples& samples, const GateOptions& options, GateSummary* summary) {
  SteinsGate gate{.slope = 1.0, .offset = -0.5};
  if (samples.rows() > 0) {
    gate = options.method == GateMethod::descent ? fit_descent(samples, options)
                                                 : fit_optimum(samples);
  }
  if (summary != nullptr) {
    const auto rmse = [&](const SteinsGate& of) {
      return samples.rows() == 0
                 ? 0.0
                 : std::sqrt(std::max(0.0, samples.loss(of)) / static_cast<double>(samples.rows()));
    };
    *summary = {.rows = samples.rows(),
                .rmse = rmse(gate),
                .als_rmse = rmse({.slope = 0.0, .offset = kSaturated}),
                .lasso_rmse = rmse({.slope = 0.0, .offset = -kSaturated}),
                .gate = gate};
  }
  return gate;
}

}  // namespace balse
