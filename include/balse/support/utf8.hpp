#pragma once

#include <cstddef>
#include <string_view>

namespace balse {

/// Bytes of the UTF-8 sequence that `text` starts with (1 to 4), or 0 where it starts with none: a
/// stray or overlong or truncated sequence, a surrogate, or beyond U+10FFFF (RFC 3629).
std::size_t utf8_sequence_length(std::string_view text);

/// Offset of the first byte that is not part of valid UTF-8, or npos.
std::size_t find_invalid_utf8(std::string_view text);

/// Whether it has one of ASCII's: a tab, a line end, an escape ...
bool has_control_character(std::string_view text);

}  // namespace balse
