#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace balse {

/// Reads "user=uid,item=2" into the texts that these names stand for: different columns, each by
/// its name or its number, counted from 1. `hint` is an example. Throws Error(usage).
void parse_columns(std::string_view text, const char* hint,
                   const std::vector<std::pair<std::string_view, std::string*>>& columns);

}  // namespace balse
