#include "data/tag_sample.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "balse/support/error.hpp"

#include "data/number.hpp"
#include "data/tag_collector.hpp"

namespace balse {

TagColumnKind TagSample::kind_of(std::size_t column) const {
  TagColumnKind kind;
  for (std::size_t row = begin_; row < rows_.size(); ++row) {
    if (column >= rows_[row].size() || rows_[row][column].empty()) {
      continue;
    }
    const std::string& text = rows_[row][column];
    if (const auto number = parse_number(text)) {
      ++kind.numbers;
      kind.highest = std::max(kind.highest, *number);
      kind.above_one += *number > 1.0 ? 1 : 0;
      kind.whole_above_one += *number > 1.0 && *number == std::floor(*number) ? 1 : 0;
      kind.fractions += *number > 0.0 && *number < 1.0 ? 1 : 0;
    } else if (parse_truth(text)) {
      ++kind.truths;
    } else {
      ++kind.texts;
    }
  }
  return kind;
}

std::vector<std::string> TagSample::values_of(std::size_t column) const {
  std::vector<std::string> values;
  for (std::size_t row = begin_; row < rows_.size(); ++row) {
    if (column < rows_[row].size()) {
      values.push_back(rows_[row][column]);
    }
  }
  return values;
}

bool TagSample::has_any(std::size_t column, std::string_view characters) const {
  const std::vector<std::string> values = values_of(column);
  return std::any_of(values.begin(), values.end(), [characters](const std::string& value) {
    return value.find_first_of(characters) != std::string::npos;
  });
}

bool TagSample::all_numbers(std::size_t column, bool numbers) const {
  return std::all_of(rows_.begin() + 1, rows_.end(), [&](const TagRow& row) {
    return row.size() > column && parse_number(row[column]).has_value() == numbers;
  });
}

bool TagSample::repeats(std::size_t column) const {
  std::set<std::string> seen;
  return !std::all_of(rows_.begin() + 1, rows_.end(), [&](const TagRow& row) {
    return row.size() <= column || seen.insert(row[column]).second;
  });
}

}  // namespace balse
