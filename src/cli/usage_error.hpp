#pragma once

#include <string>
#include <vector>

#include <CLI/CLI.hpp>

namespace balse::cli {

/// One sentence on what the command line has wrong, in our words where CLI11's are no help: a
/// mistyped command or option is named, with the one that it resembles.
std::string usage_sentence(const CLI::App& app, const CLI::ParseError& error);

/// "; did you mean --count?" where one of `names` is near `typed`, else nothing.
std::string did_you_mean(const std::string& typed, const std::vector<std::string>& names);

}  // namespace balse::cli
