#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace balse {

/// Reads "user=uid,item=2" into the texts that these names stand for: different columns, each by
/// its name or its number, counted from 1. `hint` is an example. Throws Error(usage).
void parse_columns(std::string_view text, const char* hint,
                   const std::vector<std::pair<std::string_view, std::string*>>& columns);

/// The number, counted from 1, by which a column was chosen; nothing where nothing was chosen, or
/// a name. Throws Error(usage) for 0 and for more than six digits.
std::optional<std::size_t> chosen_number(const std::string& chosen);
/// Whether a column was chosen by its name, which only a header has.
bool is_chosen_by_name(const std::string& chosen);

}  // namespace balse
