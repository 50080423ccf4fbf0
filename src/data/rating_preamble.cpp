#include "data/rating_preamble.hpp"

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <utility>

#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/records.hpp"

#include "data/number.hpp"
#include "data/rating_layout.hpp"

namespace balse {
namespace {

bool is_numbers(std::string_view line) {
  LineSplitter splitter(LineSplitter::kBlanks);
  splitter.split(line);
  return std::all_of(splitter.begin(), splitter.end(),
                     [](std::string_view field) { return parse_number(field).has_value(); });
}

}  // namespace

bool RatingPreamble::takes(std::string_view line) {
  if (line.starts_with("%%MatrixMarket")) {
    size_comes_ = true;
    return true;
  }
  if (size_comes_ && line.front() != '%') {
    size_comes_ = false;
    return true;
  }
  if (std::string said = said_delimiter(line); !said.empty()) {
    said_ = std::move(said);
    return true;
  }
  if (line.front() == '@') {
    LineSplitter words(LineSplitter::kBlanks);
    words.split(line);
    const bool is_attribute = words.size() > 2 && same_name(words[0], "@attribute");
    if (is_attribute) {
      std::string_view name = words[1];
      if (name.size() > 2 && name.front() == '\'' && name.back() == '\'') {
        name = name.substr(1, name.size() - 2);
      }
      names_.emplace_back(name);
    }
    return is_attribute || same_name(words[0], "@relation") || same_name(words[0], "@data");
  }
  if (line.front() != '#' && line.front() != '%') {
    return false;
  }
  LineSplitter splitter(delimiter_of(line));
  return is_comment(line) || line.starts_with("%%") || !splitter.split(line) ||
         splitter.size() < fields_for(options_.columns);
}

std::string RatingPreamble::delimiter_of(std::string_view line) const {
  if (!options_.delimiter.empty()) {
    return options_.delimiter;
  }
  if (!said_.empty()) {
    return said_;
  }
  const std::size_t wanted = fields_for(options_.columns);
  std::string delimiter = detect_delimiter(line, wanted);
  const auto fields = [line](const std::string& candidate) {
    LineSplitter splitter(candidate);
    return splitter.split(line) ? splitter.size() : 0;
  };
  // Where nothing else parts the row, or there are numbers on both sides of spaces beside the tabs:
  // titles have spaces, too.
  if (fields(LineSplitter::kBlanks) >= wanted &&
      (fields(delimiter) <= 1 ||
       (delimiter == "\t" && line.find(' ') != std::string_view::npos && is_numbers(line)))) {
    delimiter = LineSplitter::kBlanks;
  }
  return delimiter;
}

}  // namespace balse
