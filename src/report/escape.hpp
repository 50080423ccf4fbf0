#pragma once

#include <string>
#include <string_view>

namespace balse::report {

// Text of others (ids, titles, tags, paths) within what other programs obey. What a terminal would
// obey, marks of direction and what is not UTF-8 stand there as printable.hpp writes them.

/// For text and for attributes in double quotes; line breaks and tabs stay.
std::string escape_html(std::string_view text);

/// For the text of a LaTeX document in UTF-8, on one line.
std::string escape_latex(std::string_view text);

/// For a cell of a Markdown table.
std::string escape_markdown(std::string_view text);

/// A string of gnuplot with its quotes. In single quotes gnuplot knows no backslash, no
/// `command` and no @macro; those of the text become apostrophes.
std::string gnuplot_string(std::string_view text);
/// The same for a word at an axis, which is a format to gnuplot.
std::string gnuplot_tic(std::string_view text);

/// At most `characters` of it, the last one an ellipsis where it was longer.
std::string shortened(std::string_view text, std::size_t characters);

/// Columns: what does not continue a UTF-8 sequence.
std::size_t character_count(std::string_view text);

/// Of bytes, as data: URIs have it.
std::string base64(std::string_view bytes);

}  // namespace balse::report
