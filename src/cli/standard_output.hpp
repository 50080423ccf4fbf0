#pragma once

#include <string_view>

namespace balse::cli {

/// Writes results to stdout, at once; a terminal gets them escaped, as ids and titles could hold
/// what it obeys, a pipe or a file byte for byte. A reader that has gone away (a closed pipe) ends
/// the program quietly; anything else that goes wrong throws Error(io).
void write_standard_output(std::string_view text);

}  // namespace balse::cli
