#include "data/work_shape.hpp"

#include <algorithm>
#include <cctype>
#include <map>
#include <vector>

#include "balse/data/delimited.hpp"

namespace balse {
namespace {

bool is_digit(char c) {
  return std::isdigit(static_cast<unsigned char>(c)) != 0;
}

// Not 2003, 7.5, 1995-01-01, 01-Jan-1995 or an address.
bool may_be_title(std::string_view field) {
  const bool is_address = field.starts_with("http://") || field.starts_with("https://");
  const auto is_plain = [](char c) {
    return is_digit(c) || std::string_view("-+.,:/ ").find(c) != std::string_view::npos;
  };
  const bool is_date = field.size() == 11 && field[2] == '-' && field[6] == '-' &&
                       is_digit(field[0]) && is_digit(field[10]);
  return !is_address && !is_date && !std::all_of(field.begin(), field.end(), is_plain);
}

}  // namespace

WorkShape work_shape(std::string_view head, const std::string& delimiter) {
  LineSplitter row(delimiter);
  std::map<std::size_t, std::size_t> rows_with;  // so many fields
  std::vector<std::size_t> titles;               // by column
  std::vector<std::size_t> rows_with_field;      // by column, empty ones not counted
  for (std::size_t end = head.find('\n'); end != std::string_view::npos; end = head.find('\n')) {
    const std::string_view line = head.substr(0, end);
    head.remove_prefix(end + 1);
    if (is_blank(line) || !row.split(line.substr(0, line.find('\r')))) {
      continue;
    }
    ++rows_with[row.size()];
    titles.resize(std::max(titles.size(), row.size()));
    rows_with_field.resize(titles.size());
    for (std::size_t k = 0; k < row.size(); ++k) {
      titles[k] += may_be_title(row[k]) ? 1 : 0;
      rows_with_field[k] += row[k].empty() ? 0 : 1;
    }
  }
  WorkShape shape;
  const auto most = std::max_element(rows_with.begin(), rows_with.end(), [](auto& a, auto& b) {
    return a.second <= b.second;
  });  // of equally many the longer
  shape.columns = most == rows_with.end() ? 0 : most->first;
  const auto is_title = [&](std::size_t k) { return 2 * titles[k] > rows_with_field[k]; };
  for (std::size_t k = 1; k < shape.columns; ++k) {
    if (is_title(k)) {
      shape.title = k;
      break;
    }
  }
  shape.has_category = shape.columns == 3 && shape.title == 1 && is_title(2);
  return shape;
}

}  // namespace balse
