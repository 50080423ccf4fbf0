#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "balse/data/input_record.hpp"
#include "balse/model/training.hpp"

namespace balse {

using Json = nlohmann::ordered_json;  // keys in the order a reader expects, the same in every run

/// JSON knows no NaN and no infinity: null.
Json json_number(double value);

// What was trained and how, as reports and model files hold it.
Json training_options_json(const TrainingOptions& options);
Json inputs_json(const std::vector<InputRecord>& inputs);
// Without the seconds they took: the same input gives the same bytes.
Json summary_json(const AlsSummary& summary);
Json summary_json(const LassoSummary& summary);
/// With them, for reports that people read.
Json timed(Json summary, double seconds);
Json gate_json(const SteinsGate& gate, const GateSummary& summary);

}  // namespace balse
