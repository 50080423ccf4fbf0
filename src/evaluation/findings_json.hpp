#pragma once

#include "balse/evaluation/evaluation.hpp"
#include "balse/model/training_json.hpp"

namespace balse {

/// Adds the keys of docs/results.md that are there only where more than the table was asked for.
void add_findings(Json& json, const Evaluation& evaluation);

}  // namespace balse
