#pragma once

#include "balse/evaluation/report.hpp"
#include "balse/model/training_json.hpp"

namespace balse {

/// The JSON of docs/results.md.
Json results_json(const Evaluation& evaluation, const Manifest& manifest);

}  // namespace balse
