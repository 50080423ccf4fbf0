#pragma once

#include <span>
#include <string>
#include <string_view>

namespace balse::cli {

/// A config file inside the program, for what an option of a command implies. What was given
/// otherwise, on the command line or in a config file, goes before it.
struct Preset {
  const char* option;     ///< "--preset"
  std::string_view word;  ///< its value; empty: any
  std::string_view text;  ///< the config file
};

std::span<const Preset> presets();

}  // namespace balse::cli
