#include "serving/pair_layout.hpp"

#include <charconv>

#include "balse/support/error.hpp"

#include "data/column_names.hpp"
#include "data/delimited.hpp"

namespace balse {
namespace {

[[noreturn]] void fail_columns(const std::string& text) {
  throw Error(ErrorKind::usage, {.found = "the columns of pairs " + shorten(text),
                                 .expected = "two numbers from 1, as in user=2,item=1"});
}

void parse_columns(const std::string& text, PairLayout& layout) {
  LineSplitter parts(",");
  if (!parts.split(text) || parts.size() != 2) {
    fail_columns(text);
  }
  bool seen[2] = {};
  for (std::size_t k = 0; k < 2; ++k) {
    const std::string_view part = parts[k];
    const std::size_t equals = part.find('=');
    const std::string_view name = part.substr(0, equals);
    const std::string_view number = equals == std::string_view::npos ? "" : part.substr(equals + 1);
    std::size_t value = 0;
    const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
    if (error != std::errc() || end != number.data() + number.size() || value < 1 || value > 1000 ||
        (name != "user" && name != "item")) {
      fail_columns(text);
    }
    (name == "user" ? layout.user : layout.item) = value - 1;
    seen[name == "user" ? 0 : 1] = true;
  }
  if (!seen[0] || !seen[1] || layout.user == layout.item) {
    fail_columns(text);
  }
}

}  // namespace

PairLayout PairLayout::detect(const std::string& path, std::string_view first_line,
                              const PredictPairsOptions& options) {
  PairLayout layout;
  layout.path = path;
  layout.delimiter =
      options.delimiter.empty() ? detect_delimiter(first_line, 2) : options.delimiter;
  LineSplitter splitter(layout.delimiter);
  const bool readable = splitter.split(first_line);
  const auto user = readable ? find_column(splitter, Column::user) : std::nullopt;
  const auto item = readable ? find_column(splitter, Column::item) : std::nullopt;
  layout.had_header = user && item;
  if (layout.had_header) {
    layout.user = *user;
    layout.item = *item;
  }
  if (!options.columns.empty()) {
    parse_columns(options.columns, layout);
  }
  for (std::size_t field = 0; field < splitter.size(); ++field) {
    layout.names.push_back(layout.had_header      ? std::string(splitter[field])
                           : field == layout.user ? "user"
                           : field == layout.item ? "item"
                                                  : "column" + std::to_string(field + 1));
  }
  return layout;
}

}  // namespace balse
