#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// A tag as people write it: `\(` is `(`, and underscores are spaces, but in a face as o_o.
std::string clean_tag(std::string_view text);

/// The parts of a list between separators, each once: "Action, Drama"; also as Python, PostgreSQL
/// or TMDB writes them: "['Action', 'Drama']", "{Action,Drama}", "[{'id': 16, 'name': 'Drama'}]".
/// Nothing of what says that there are none, as "(no genres listed)".
std::vector<std::string> split_tags(std::string_view list, char separator);

/// The separator of lists, some of which these are: the first of | , ; / that any of them has.
char tag_separator(const std::vector<std::string>& lists);

/// "20" of "posters/20.jpg", also of "20".
std::string_view stem_of(std::string_view file);

}  // namespace balse
