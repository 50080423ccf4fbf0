#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "balse/data/delimited.hpp"

namespace balse {

/// What the columns of the files people have are called.
enum class Column { user, item, rating, tag, weight, title, category };

/// The 0-based field of a header line that names `column`, upper or lower case.
std::optional<std::size_t> find_column(const LineSplitter& header, Column column);

}  // namespace balse
