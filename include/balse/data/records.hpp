#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <string_view>

#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"

namespace balse {

/// Makes `line`, the last of `file`, longer until the quote that is open in it is closed. False
/// where that makes no row: then it is what it was. In both cases `splitter` has split it, the
/// first `limit` fields where it is as it was.
bool take_further_lines(InputFile& file, LineSplitter& splitter, std::string_view& line,
                        std::size_t limit = std::numeric_limits<std::size_t>::max());

/// The delimiter that a first line "sep=;" says, as Excel writes it, also in quotes; else empty.
std::string said_delimiter(std::string_view line);

/// Whether a line before the first row is a comment, whatever is in it.
bool is_comment(std::string_view line);

}  // namespace balse
