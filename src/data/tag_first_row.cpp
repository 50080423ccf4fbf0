#include "data/tag_first_row.hpp"

#include <algorithm>
#include <array>

#include "balse/data/column_choice.hpp"
#include "balse/data/delimited.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"

namespace balse {

TagFirstRow::TagFirstRow(const TagRow& row, const ReadTagsOptions& options,
                         const std::string& delimiter, const std::string& file, std::uint64_t line)
    : names_(row.begin(), row.end()),
      options_(options),
      delimiter_(delimiter),
      file_(file),
      line_(line) {}

std::size_t TagFirstRow::chosen(const std::string& column) const {
  if (const auto number = chosen_number(column)) {
    if (*number > size()) {
      fail("no column " + column);
    }
    return *number - 1;
  }
  if (const auto field = find_name(names_, column)) {
    return *field;
  }
  fail("no column is called " + shorten(column));
}

std::optional<std::size_t> TagFirstRow::item() const {
  if (!options_.columns.item.empty()) {
    return chosen(options_.columns.item);
  }
  if (const auto item = column(Column::item)) {
    return item;
  }
  const auto file =
      options_.subject == TagSubject::items ? column(Column::file) : std::optional<std::size_t>();
  return file || !same_name(names_[0], "id") ? file : std::optional<std::size_t>(0);
}

bool TagFirstRow::is_header() const {
  const TagColumns& columns = options_.columns;
  if (columns.item.empty() || is_chosen_by_name(columns.item + columns.tag + columns.weight)) {
    return true;
  }
  for (const Column name : {Column::item, Column::tag, Column::tag_list, Column::weight}) {
    if (column(name)) {
      return true;
    }
  }
  return !columns.weight.empty() && !parse_number(names_[chosen(columns.weight)]);
}

bool TagFirstRow::is_something_else(std::size_t column) const {
  if (options_.subject == TagSubject::users) {
    return false;
  }
  constexpr std::array kColumns = {Column::rating, Column::time,     Column::user,
                                   Column::title,  Column::category, Column::rank};
  constexpr std::array kNames = {"episodes", "members", "popularity", "favorites", "ranked",
                                 "year",     "votes",   "chapters",   "volumes"};
  const std::string_view name = names_[column];
  return std::any_of(kColumns.begin(), kColumns.end(),
                     [&](Column other) { return column_rank(name, other).has_value(); }) ||
         std::any_of(kNames.begin(), kNames.end(),
                     [&](const char* other) { return same_name(name, other); });
}

void TagFirstRow::fail(const std::string& found) const {
  const TagWords words = words_of(options_.subject);
  throw Error(ErrorKind::bad_data,
              {.file = file_,
               .line = line_,
               .found = found + " when split at " + delimiter_name(delimiter_),
               .expected = "rows of " + words.triplet() + ", lists of " + words.tag +
                           "s in a column, or a header that names a " + words.tag +
                           " for each column after the first",
               .hint = options_.can_skip && options_.subject == TagSubject::items
                           ? "--tag-columns item=NAME,tag=NAME"
                           : kDelimitersHint});
}

void TagFirstRow::fail_as_header(const std::string& why) const {
  fail(why + ": " + first_row_is(names_));
}

}  // namespace balse
