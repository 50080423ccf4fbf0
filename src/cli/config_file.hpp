#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace balse::cli {

/// One key of a config file, or the begin of a section.
struct ConfigItem {
  std::string section;              ///< "fit" below [fit]; empty above the first section
  std::string key;                  ///< "als-rank"; empty where a section begins
  std::vector<std::string> values;  ///< one, or those of an array
  bool is_boolean = false;          ///< the value is true or false, not in quotes
  std::uint64_t line = 0;
};

/// The part of TOML that options need: sections, keys, strings on one line, numbers, booleans and
/// arrays of them. Not by CLI11's reader, which takes every text for TOML, cuts strings at a # and
/// knows no lines. Throws Error(bad_data) with `file` and line.
std::vector<ConfigItem> parse_config(std::string_view text, const std::string& file);

/// The same of a file; also throws Error(no_input) where there is none.
std::vector<ConfigItem> read_config(const std::string& path);

/// Whether TOML takes the text for a number.
bool is_config_number(std::string_view text);

/// `text` in quotes.
std::string config_string(std::string_view text);

}  // namespace balse::cli
