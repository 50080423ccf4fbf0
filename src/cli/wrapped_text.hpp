#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace balse::cli {

/// `text` in lines of at most `width` columns, words whole: one that is longer has a line of its
/// own. The lines after the first begin with `indent` blanks, which the first one has already.
std::string wrapped(std::string_view text, std::size_t indent, std::size_t width);

/// A command that a shell takes as it stands: where it does not fit, lines end in a backslash,
/// between two words and never inside quotes.
std::string wrapped_command(std::string_view command, std::size_t indent, std::size_t width);

/// Of standard output where that is a terminal (or what COLUMNS says if it does not tell), else 80.
std::size_t help_width();

}  // namespace balse::cli
