#pragma once

#include <string>

#include <CLI/CLI.hpp>

namespace balse::cli {

/// What a command was told, or does by default, as a config file that tells it the same: each
/// option below its sentence. In comments are options without a value, and those that cannot be
/// given together with what was.
std::string config_text(const CLI::App& command);

}  // namespace balse::cli
