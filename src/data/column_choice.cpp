#include "balse/data/column_choice.hpp"

#include <algorithm>

#include "balse/data/delimited.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

constexpr std::size_t kMostDigits = 6;

bool is_digits(const std::string& chosen) {
  return chosen.find_first_not_of("0123456789") == std::string::npos;
}

bool is_column_number(const std::string& digits) {
  return digits.size() <= kMostDigits && digits.find_first_not_of('0') != std::string::npos;
}

}  // namespace

std::optional<std::size_t> chosen_number(const std::string& chosen) {
  if (chosen.empty() || !is_digits(chosen)) {
    return std::nullopt;
  }
  if (!is_column_number(chosen)) {
    throw Error(ErrorKind::usage, {.found = "no column " + shorten(chosen),
                                   .expected = "a name, or a number counted from 1"});
  }
  return std::stoul(chosen);
}

bool is_chosen_by_name(const std::string& chosen) {
  return !is_digits(chosen);
}

void parse_columns(std::string_view text, const char* hint,
                   const std::vector<std::pair<std::string_view, std::string*>>& columns) {
  const auto fail = [&] {
    throw Error(ErrorKind::usage,
                {.found = "columns cannot be " + shorten(text),
                 .expected = "different columns by name or number, counted from 1",
                 .hint = hint});
  };
  LineSplitter parts(",");
  if (!parts.split(text)) {
    fail();
  }
  std::vector<std::string> seen;
  for (const std::string_view part : parts) {
    const std::size_t equals = std::min(part.find('='), part.size());
    const std::string_view name = part.substr(0, equals);
    std::string value(part.substr(std::min(equals + 1, part.size())));
    const auto column = std::find_if(columns.begin(), columns.end(),
                                     [name](const auto& known) { return known.first == name; });
    if (column == columns.end() || !column->second->empty() || value.empty() ||
        (is_digits(value) && !is_column_number(value)) ||
        std::find(seen.begin(), seen.end(), value) != seen.end()) {
      fail();
      return;
    }
    seen.push_back(value);
    *column->second = std::move(value);
  }
}

}  // namespace balse
