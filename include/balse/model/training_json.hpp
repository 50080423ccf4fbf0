#pragma once

#include <vector>

#include <nlohmann/json.hpp>

#include "balse/data/input_record.hpp"
#include "balse/model/neighbours.hpp"
#include "balse/model/training.hpp"

namespace balse {

using Json = nlohmann::ordered_json;  // keys in the order a reader expects, the same in every run

/// JSON knows no NaN and no infinity: null.
Json json_number(double value);

// What was trained and how, as reports and model files hold it.
Json training_options_json(const TrainingOptions& options);
/// The other way round; what the JSON does not have stays as it is by default. Throws nlohmann's
/// exception where a value is not of the option's type.
TrainingOptions training_options_of(const Json& json);
Json neighbour_options_json(const NeighbourOptions& options);
Json inputs_json(const std::vector<InputRecord>& inputs);
Json figures_json(const std::vector<Figure>& figures);
/// What every block and blend found, under its name; without the seconds the same input gives the
/// same bytes.
void add_summaries(Json& json, const BlockSummaries& summaries, bool with_tags, bool timed);

}  // namespace balse
