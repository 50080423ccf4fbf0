#include "balse/model/lasso.hpp"

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <utility>

#include "balse/support/counted.hpp"

#include "model/blocks/lasso/fit.hpp"

namespace balse {

void LassoOptions::visit(FieldVisitor& visitor) {
  static constexpr std::array<std::string_view, 2> kScaling = {"raw", "sd"};
  visitor.enter({"lasso", "LASSO"});
  visitor.number({"alpha", "Weight of the L1 norm", "alpha"}, {0.0, 1e12, true}, alpha);
  visitor.flag({"intercept", "Give every user an unpenalised constant"}, intercept);
  visitor.choice(
      {"tag-scaling", "Take tag weights as they are, or divide each tag by its standard deviation",
       "tag-scaling"},
      kScaling, scaling);
  visitor.number(
      {"relative-gap", "Duality gap / objective at which a user counts as solved", "lasso-gap"},
      {0.0, 1.0, true}, relative_gap);
}

std::string LassoOptions::validate() const {
  return threads < 0 ? "the number of threads must not be negative" : first_fault(*this);
}

Lasso::Lasso(std::vector<std::uint64_t> start, std::vector<std::uint32_t> tag,
             std::vector<double> coefficient, std::vector<double> intercept,
             std::vector<double> objective)
    : start_(std::move(start)),
      tag_(std::move(tag)),
      coefficient_(std::move(coefficient)),
      intercept_(std::move(intercept)),
      objective_(std::move(objective)) {}

std::vector<Figure> LassoSummary::figures() const {
  const auto whole = [](std::string_view name, std::uint64_t value) {
    return Figure{.name = name, .value = static_cast<double>(value), .whole = true};
  };
  return {whole("users", users),
          whole("not_converged", not_converged),
          {.name = "worst_relative_gap", .value = worst_gap},
          {.name = "objective_sum", .value = objective_sum},
          whole("nonzeros", nonzeros),
          whole("steps", steps),
          whole("warm_users", warm_users),
          whole("cold_users", cold_users)};
}

std::string LassoSummary::sentence() const {
  return counted(nonzeros, "coefficient");
}

std::string LassoSummary::warning() const {
  if (not_converged == 0) {
    return {};
  }
  char text[120];
  std::snprintf(text, sizeof text,
                "missed its relative gap for %zu users; the largest gap / objective is %.1e",
                not_converged, worst_gap);
  return text;
}

Lasso::Arrays Lasso::take() {
  Arrays arrays = {std::move(start_), std::move(tag_), std::move(coefficient_),
                   std::move(intercept_)};
  *this = Lasso();
  return arrays;
}

double Lasso::predict(std::size_t user, std::size_t item, const TagMatrix& matrix) const {
  return predict_lasso(rows(), intercept_, user, item, matrix);
}

double predict_lasso(const SparseView& coefficients_by_user, std::span<const double> intercepts,
                     std::size_t user, std::size_t item, const TagMatrixView& matrix) {
  const auto tastes = coefficients_by_user.indices_of(user);
  const auto coefficients = coefficients_by_user.values_of(user);
  const auto tags = matrix.tags_of(item);
  const auto weights = matrix.weights_of(item);
  double sum = intercepts[user];
  std::size_t a = 0;
  std::size_t b = 0;
  while (a < tastes.size() && b < tags.size()) {
    if (tastes[a] == tags[b]) {
      sum += coefficients[a++] * weights[b++];
    } else if (tastes[a] < tags[b]) {
      ++a;
    } else {
      ++b;
    }
  }
  return sum;
}

Lasso fit_lasso(const RatingRows& by_user, const TagMatrix& tags, const LassoOptions& options,
                LassoSummary* summary) {
  return fit_lasso(by_user, tags, options, Lasso{}, summary);
}

Lasso fit_lasso(const RatingRows& by_user, const TagMatrix& tags, const LassoOptions& options,
                const Lasso& start, LassoSummary* summary) {
  return fit_lasso_with(lasso_kernels(best_instruction_set()), by_user, tags, options, start,
                        summary);
}

Lasso fold_lasso(const RatingRows& by_user, const TagMatrixView& tags, std::size_t fitted_items,
                 const LassoOptions& options) {
  return fit_lasso_with(lasso_kernels(best_instruction_set()), by_user, tags, options, Lasso(),
                        nullptr, fitted_items);
}

}  // namespace balse
