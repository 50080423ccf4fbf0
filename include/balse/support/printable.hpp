#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace balse {

// What a terminal obeys, or what makes it show text in another order or on other lines than it is
// in: the control characters (C0, DEL, C1), the marks of direction (U+061C, U+200E, U+200F, U+202A
// to U+202E, U+2066 to U+2069), the separators of lines and paragraphs (U+2028, U+2029), and bytes
// that are no UTF-8, of which some terminals take a few for C1.

/// Bytes of the character that `text` begins with where it is one of those, else 0.
std::size_t unprintable_length(std::string_view text);

/// Whether `text` has none of those.
bool is_printable(std::string_view text);

/// `text` with \xNN for each control character of ASCII and each wrong byte, and \uNNNN for the
/// others. Those of ASCII that are in `but` stay.
std::string escape(std::string_view text, std::string_view but = {});

/// JSON text with its unprintable characters as \uNNNN: the same to every reader of JSON.
std::string escape_json(std::string_view json);

}  // namespace balse
