#include "serving/pair_layout.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <set>

#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

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

void make_names_differ(const PredictPairsOptions& options, PairLayout& layout) {
  std::set<std::string> used = {"prediction"};
  for (const PredictionColumn& column : options.more) {
    used.emplace(column.name());
  }
  const std::set<std::string> given(layout.names.begin(), layout.names.end());
  for (std::string& name : layout.names) {
    const std::string original = name;
    const auto is_taken = [&] {
      return used.contains(name) || (name != original && given.contains(name));
    };
    for (int k = 2; is_taken(); ++k) {
      name = original + "_" + std::to_string(k);
    }
    used.insert(name);
    if (name != original) {
      layout.renamed.push_back(original);
      layout.renamed.back().append(" as ").append(name);
    }
  }
}

}  // namespace

std::string_view PredictionColumn::name() const {
  switch (what) {
    case What::weight:
      return "weight";
    case What::deviation:
      return "deviation";
    case What::fallback:
      return "fallback";
    case What::model:
      break;
  }
  return name_of(model);
}

std::vector<PredictionColumn> prediction_columns() {
  std::vector<PredictionColumn> columns;
  columns.reserve(kModels.size() + 3);
  for (const Model model : kModels) {
    columns.push_back({.model = model});
  }
  columns.push_back({.what = PredictionColumn::What::weight});
  columns.push_back({.what = PredictionColumn::What::deviation});
  columns.push_back({.what = PredictionColumn::What::fallback});
  return columns;
}

std::optional<PairLayout> PairLayout::detect(const std::string& path, std::string_view first_line,
                                             const PredictPairsOptions& options,
                                             std::string& problem) {
  PairLayout layout;
  layout.path = path;
  layout.delimiter =
      options.delimiter.empty() ? detect_delimiter(first_line, 2) : options.delimiter;
  LineSplitter splitter(layout.delimiter);
  if (!is_text(first_line)) {
    problem = not_text(first_line);
    return std::nullopt;
  }
  if (!splitter.split(first_line)) {
    problem = std::string(splitter.problem()) + " in " + shorten(first_line);
    return std::nullopt;
  }
  const auto user = find_column(splitter, Column::user);
  const auto item = find_column(splitter, Column::item);
  layout.had_header = user && item;
  if (layout.had_header) {
    layout.user = *user;
    layout.item = *item;
  }
  if (!options.columns.empty()) {
    parse_columns(options.columns, layout);
  }
  const std::size_t needed = std::max(layout.user, layout.item) + 1;
  if (splitter.size() < needed) {
    problem = wrong_count(splitter.size(), first_line, layout.delimiter);
    return std::nullopt;
  }
  for (std::size_t field = 0; field < splitter.size(); ++field) {
    layout.names.push_back(layout.had_header      ? std::string(splitter[field])
                           : field == layout.user ? "user"
                           : field == layout.item ? "item"
                                                  : "column" + std::to_string(field + 1));
  }
  make_names_differ(options, layout);
  return layout;
}

bool is_text(std::string_view line) {
  return line.find('\0') == std::string_view::npos &&
         find_invalid_utf8(line) == std::string_view::npos;
}

std::string not_text(std::string_view line) {
  return "a NUL byte or bytes that are not UTF-8 in " + shorten(line);
}

std::string wrong_count(std::size_t count, std::string_view line, const std::string& delimiter) {
  return counted(count, "column") + " when " + shorten(line) + " is split at " +
         delimiter_name(delimiter);
}

}  // namespace balse
