#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace balse {

using TextRow = std::vector<std::string>;
/// Of equally long rows; the first one is the header.
using TextTable = std::vector<TextRow>;

std::string fixed(double value, int digits);
/// The same; "-" for what is no number.
std::string fixed_or_dash(double value, int digits);

/// What stands around the cells of a row.
struct TextStyle {
  const char* row_begin;
  const char* separator;
  const char* row_end;
};

/// In columns on a screen.
std::vector<std::size_t> column_widths(const TextTable& table);
/// One line: the first cell to the left, the others to the right.
std::string aligned(const TextRow& row, const std::vector<std::size_t>& widths,
                    const TextStyle& style);

std::string plain_text(const TextTable& table);
std::string markdown(const TextTable& table);

}  // namespace balse
