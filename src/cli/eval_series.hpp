#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "balse/evaluation/series.hpp"
#include "balse/evaluation/splits.hpp"

#include "eval_inputs.hpp"
#include "eval_options.hpp"

namespace balse::cli {

/// One of the evaluations that a series is made of.
struct EvalVariant {
  std::string value;  ///< of what varies; empty where nothing does
  std::shared_ptr<const Splits> splits;
  CrossValidationOptions options;
  std::optional<TagMatrix> tags;  ///< instead of the inputs'
  std::vector<std::string> tag_names;
};

/// What `balse eval` is to evaluate: one thing, or the points of a learning curve, of --sweep or of
/// --ablate.
struct EvalStudy {
  std::optional<Series> series;  ///< yet without points
  std::vector<EvalVariant> variants;
};

EvalStudy study_of(const EvalOptions& options, const EvalInputs& inputs,
                   const std::shared_ptr<const Splits>& splits,
                   const CrossValidationOptions& common);

}  // namespace balse::cli
