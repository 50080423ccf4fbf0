#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <CLI/CLI.hpp>

#include "balse/data/id_index.hpp"

namespace balse::cli {

/// One sentence on what the command line has wrong, in our words where CLI11's are no help: a
/// mistyped command or option is named, with the one that it resembles.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error);

/// "; did you mean --count?" where one of `names` is near `typed`, else nothing.
std::string did_you_mean(const std::string& typed, const std::vector<std::string>& names);

/// ", as "12", "13"": the ids that are nearest to `typed`, where any is near; else nothing.
std::string nearest_ids(std::string_view typed, const IdIndex& ids);

}  // namespace balse::cli
