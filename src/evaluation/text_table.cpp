#include "text_table.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace balse {
namespace {

/// Columns on a screen: bytes that do not continue a UTF-8 sequence.
std::size_t display_width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) & 0xc0) != 0x80;
  }));
}

}  // namespace

std::string fixed(double value, int digits) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "%.*f", digits, value);
  return text.data();
}

std::string fixed_or_dash(double value, int digits) {
  return std::isfinite(value) ? fixed(value, digits) : "-";
}

std::vector<std::size_t> column_widths(const TextTable& table) {
  std::vector<std::size_t> widths(table.front().size(), 0);
  for (const TextRow& row : table) {
    for (std::size_t c = 0; c < row.size(); ++c) {
      widths[c] = std::max(widths[c], display_width(row[c]));
    }
  }
  return widths;
}

std::string aligned(const TextRow& row, const std::vector<std::size_t>& widths,
                    const TextStyle& style) {
  std::string line = style.row_begin;
  for (std::size_t c = 0; c < row.size(); ++c) {
    const std::string padding(widths[c] - display_width(row[c]), ' ');
    line += c == 0 ? row[c] + padding : style.separator + padding + row[c];
  }
  return line + style.row_end + "\n";
}

std::string plain_text(const TextTable& table) {
  const auto widths = column_widths(table);
  std::string text;
  for (const TextRow& row : table) {
    text += aligned(row, widths, {.row_begin = "", .separator = "   ", .row_end = ""});
  }
  return text;
}

std::string markdown(const TextTable& table) {
  const auto widths = column_widths(table);
  const TextStyle style{.row_begin = "| ", .separator = " | ", .row_end = " |"};
  std::string text = aligned(table.front(), widths, style) + "|" + std::string(widths[0] + 2, '-');
  for (std::size_t c = 1; c < widths.size(); ++c) {
    text += "|" + std::string(widths[c] + 1, '-') + ":";
  }
  text += "|\n";
  for (std::size_t r = 1; r < table.size(); ++r) {
    text += aligned(table[r], widths, style);
  }
  return text;
}

}  // namespace balse
