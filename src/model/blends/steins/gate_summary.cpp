// What people read of a fitted gate.

#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <limits>
#include <span>
#include <string>

#include "balse/model/steins_gate.hpp"
#include "balse/support/counted.hpp"

#include "model/blends/steins/steins_blend.hpp"

namespace balse {
namespace {

/// "beta 0.0146, gamma 14.6; the same weight for every count in 1 of 5 folds"
std::string learned_sigmoids(std::span<const GateSummary> folds) {
  double beta = 0.0;
  double gamma = 0.0;
  std::size_t sloped = 0;
  for (const GateSummary& fold : folds) {
    if (fold.gate.slope != 0.0) {
      beta += fold.gate.beta();
      gamma += fold.gate.gamma();
      ++sloped;
    }
  }
  std::string line;
  if (sloped > 0) {
    const auto n = static_cast<double>(sloped);
    char text[100];
    std::snprintf(text, sizeof text, "beta %.3g, gamma %.3g, mean over %zu folds", beta / n,
                  gamma / n, sloped);
    line += text;
  }
  if (sloped < folds.size()) {
    line += (sloped > 0 ? "; " : "") + std::string("the same weight for every count in ") +
            std::to_string(folds.size() - sloped) + " of " + std::to_string(folds.size()) +
            " folds";
  }
  return line;
}

/// "by count, ALS weighs 0.31 at 0 ratings, 0.44 at 1, 0.52 at 10, mean over 5 folds"
std::string learned_by_count(std::span<const GateSummary> folds) {
  double largest = 0.0;
  for (const GateSummary& fold : folds) {
    largest = fold.by_count.empty() ? largest : std::max(largest, fold.by_count.from.back());
  }
  std::string line;
  std::size_t n = 0;
  for (std::uint64_t count = 0; static_cast<double>(count) <= largest;
       count = count == 0 ? 1 : count * 10) {
    double sum = 0.0;
    n = 0;
    for (const GateSummary& fold : folds) {
      if (!fold.by_count.empty()) {
        sum += fold.by_count.weight_at(static_cast<double>(count));
        ++n;
      }
    }
    char weight[32];
    std::snprintf(weight, sizeof weight, "%.3g", sum / static_cast<double>(n));
    line += (line.empty() ? "by count, ALS weighs " : ", ") + std::string(weight) + " at " +
            std::to_string(count) + (line.empty() ? " ratings" : "");
  }
  return line + ", mean over " + std::to_string(n) + " folds";
}

}  // namespace

std::vector<Figure> GateSummary::figures() const {
  // Of no ratings there is no mean.
  const auto known = [&](double value) {
    return rows > 0 ? value : std::numeric_limits<double>::quiet_NaN();
  };
  std::vector<Figure> figures;
  if (by_count.empty()) {
    figures = {{.name = "beta", .value = gate.beta()},
               {.name = "gamma", .value = gate.gamma()},
               {.name = "slope", .value = gate.slope},
               {.name = "offset", .value = gate.offset}};
  } else {
    figures = {{.name = "level_from", .list = by_count.from},
               {.name = "level_weight", .list = by_count.weight},
               {.name = "prior_rows", .value = prior_rows},
               {.name = "validation_rmse_sigmoid", .value = sigmoid_rmse}};
  }
  figures.insert(figures.end(),
                 {{.name = "validation_rows", .value = static_cast<double>(rows), .whole = true},
                  {.name = "validation_rmse", .value = known(rmse)},
                  {.name = "validation_rmse_als", .value = known(als_rmse)},
                  {.name = "validation_rmse_lasso", .value = known(lasso_rmse)}});
  return figures;
}

std::string GateSummary::sentence() const {
  char shape[100];
  if (by_count.empty()) {
    std::snprintf(shape, sizeof shape, "beta %.3g, gamma %.3g", gate.beta(), gate.gamma());
  } else {
    std::snprintf(shape, sizeof shape, "by count, %s of ALS from %.3g to %.3g",
                  counted(by_count.from.size(), "weight").c_str(), by_count.weight.front(),
                  by_count.weight.back());
  }
  if (rows == 0) {
    return shape + std::string("; no validation ratings");
  }
  char fit[100];
  std::snprintf(fit, sizeof fit, "; validation RMSE %.4f (ALS %.4f, LASSO %.4f)", rmse, als_rmse,
                lasso_rmse);
  return shape + std::string(fit);
}

std::string GateSummary::warning() const {
  return rows > 0 ? ""
                  : "there are no validation ratings to learn from: it trusts ALS from an item's "
                    "first rating on";
}

std::string SteinsBlend::learned(std::span<const Summary> folds) {
  for (const GateSummary& fold : folds) {
    if (!fold.by_count.empty()) {
      return learned_by_count(folds);
    }
  }
  return learned_sigmoids(folds);
}

}  // namespace balse
