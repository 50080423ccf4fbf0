#pragma once

#include <string_view>

namespace balse {

/// Whether brackets and braces of a JSON text are nested deeper than `depth`. Asked before parsing
/// what strangers wrote: parsers and printers of trees recurse.
bool json_deeper_than(std::string_view json, int depth);

}  // namespace balse
