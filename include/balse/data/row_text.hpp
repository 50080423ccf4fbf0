#pragma once

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>

namespace balse {

/// Appends `value` with six digits after the point. Half a million times a second to_chars() would
/// be the slowest part of a row: this is integer arithmetic, and to_chars() is there for what does
/// not fit.
inline void append_prediction(std::string& out, double value) {
  constexpr double kScale = 1e6;
  constexpr double kLargest = 1e9;
  if (!(std::abs(value) < kLargest)) {
    char text[400];
    out.append(text,
               std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, 6).ptr);
    return;
  }
  const double scaled = std::abs(value) * kScale;
  // Not lround(), a call that is slower than all the rest; it is the same but for halves of 1e-6.
  auto rest = static_cast<std::uint64_t>(scaled + 0.5);  // NOLINT(bugprone-incorrect-roundings)
  char text[24];
  char* const end = text + sizeof text;
  char* at = end;
  const bool negative = value < 0.0 && rest != 0;
  for (int digit = 0; digit < 6; ++digit) {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  }
  *--at = '.';
  do {
    *--at = static_cast<char>('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) {
    *--at = '-';
  }
  out.append(at, static_cast<std::size_t>(end - at));
}

/// How a text becomes a field of a row.
struct FieldStyle {
  char delimiter = ',';
  /// A spreadsheet takes a field that begins with one of = + - @, a tab or a line end for a
  /// formula: it gets an apostrophe before it.
  bool csv_safe = false;
};

/// A field of CSV (RFC 4180); TSV has no quotes, so there tabs and line ends become spaces.
inline void append_field(std::string& out, std::string_view text, FieldStyle style) {
  const bool formula = style.csv_safe && !text.empty() &&
                       std::string_view("=+-@\t\r\n").find(text.front()) != std::string_view::npos;
  if (style.delimiter == '\t') {
    out += formula ? "'" : "";
    for (const char c : text) {
      out += c == '\t' || c == '\n' || c == '\r' ? ' ' : c;
    }
    return;
  }
  const bool plain = text.find_first_of(",\"\n\r") == std::string_view::npos &&
                     (text.empty() || (text.front() != ' ' && text.back() != ' '));
  if (plain) {
    out += formula ? "'" : "";
    out += text;
    return;
  }
  out += formula ? "\"'" : "\"";
  for (const char c : text) {
    out += c;
    if (c == '"') {
      out += '"';
    }
  }
  out += '"';
}

/// A JSON string; `text` is UTF-8.
inline void append_json_string(std::string& out, std::string_view text) {
  constexpr char kHex[] = "0123456789abcdef";
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
      out += "\\u00";
      out += kHex[c >> 4];
      out += kHex[c & 15];
    } else {
      out += c;
    }
  }
  out += '"';
}

/// The shortest text that reads back as the same number.
inline std::string exact_text(double value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}
/// Of a float 0.1 and not 0.10000000149011612.
inline std::string exact_text(float value) {
  char text[32];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

}  // namespace balse
