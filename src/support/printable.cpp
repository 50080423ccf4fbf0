#include "balse/support/printable.hpp"

#include <cstdint>

#include "balse/support/utf8.hpp"

namespace balse {
namespace {

/// Of a valid sequence of two or three bytes.
std::uint32_t code_point(std::string_view sequence) {
  const auto bits = [&](std::size_t i) { return static_cast<unsigned char>(sequence[i]) & 0x3FU; };
  return sequence.size() == 2
             ? (static_cast<unsigned char>(sequence[0]) & 0x1FU) << 6U | bits(1)
             : (static_cast<unsigned char>(sequence[0]) & 0x0FU) << 12U | bits(1) << 6U | bits(2);
}

bool is_unprintable(std::uint32_t code) {
  return (code >= 0x80 && code <= 0x9f) || code == 0x061c || code == 0x200e || code == 0x200f ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

void append_hex(std::string& out, std::uint32_t value, int digits) {
  for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
    out += "0123456789abcdef"[value >> static_cast<unsigned>(shift) & 15U];
  }
}

template <typename Escape>
std::string replace_unprintable(std::string_view text, const Escape& escape_character) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::string_view rest = text.substr(i);
    const std::size_t unprintable = unprintable_length(rest);
    const std::size_t length = unprintable > 0 ? unprintable : utf8_sequence_length(rest);
    if (unprintable > 0) {
      escape_character(out, rest.substr(0, length));
    } else {
      out += rest.substr(0, length);
    }
    i += length;
  }
  return out;
}

void append_code_point(std::string& out, std::string_view character) {
  out += "\\u";
  append_hex(
      out, character.size() == 1 ? static_cast<unsigned char>(character[0]) : code_point(character),
      4);
}

void append_byte(std::string& out, char byte) {
  out += "\\x";
  append_hex(out, static_cast<unsigned char>(byte), 2);
}

}  // namespace

std::size_t unprintable_length(std::string_view text) {
  if (text.empty()) {
    return 0;
  }
  const auto first = static_cast<unsigned char>(text[0]);
  if (first < 0x80) {
    return first < 0x20 || first == 0x7f ? 1 : 0;
  }
  const std::size_t length = utf8_sequence_length(text);
  if (length == 0) {
    return 1;
  }
  return length < 4 && is_unprintable(code_point(text.substr(0, length))) ? length : 0;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    if (unprintable_length(text) > 0) {
      return false;
    }
    text.remove_prefix(utf8_sequence_length(text));
  }
  return true;
}

std::string escape(std::string_view text, std::string_view but) {
  return replace_unprintable(text, [but](std::string& out, std::string_view character) {
    if (character.size() > 1) {
      append_code_point(out, character);
    } else if (but.find(character[0]) != std::string_view::npos) {
      out += character[0];
    } else {
      append_byte(out, character[0]);
    }
  });
}

std::string escape_json(std::string_view json) {
  return replace_unprintable(json, [](std::string& out, std::string_view character) {
    if (character == "\n") {  // between two members: inside a string it is escaped already
      out += character;
    } else {
      append_code_point(out, character);
    }
  });
}

}  // namespace balse
