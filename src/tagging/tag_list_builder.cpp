#include "tagging/tag_list_builder.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <system_error>

#include "balse/data/delimited.hpp"
#include "balse/support/error.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

/// The next line of `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find('\n');
  std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  if (line.ends_with('\r')) {
    line.remove_suffix(1);
  }
  return line;
}

}  // namespace

TagCategory numbered_category(std::string_view text) {
  int number = -1;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || stop != text.data() + text.size()) {
    return category_named(text).value_or(TagCategory::other);
  }
  switch (number) {
    case 0:
      return TagCategory::general;
    case 1:
      return TagCategory::artist;
    case 3:
      return TagCategory::copyright;
    case 4:
      return TagCategory::character;
    case 5:
      return TagCategory::meta;
    case 9:
      return TagCategory::rating;
    default:
      return TagCategory::other;
  }
}

void TagListBuilder::add(std::string_view name, TagCategory category) {
  if (name.empty() || has_control_character(name) || find_invalid_utf8(name) != std::string::npos) {
    refuse_tag_list(path_, "the tag name " + shorten(std::string(name)));
  }
  if (distinct_.insert(name) != tags_.size()) {
    refuse_tag_list(path_, "the tag " + shorten(std::string(name)) + " twice");
  }
  tags_.names.emplace_back(name);
  tags_.categories.push_back(category);
}

void TagListBuilder::add_of_category(std::string_view name, TagCategory category) {
  if (const auto before = distinct_.find(name); before && tags_.categories[*before] != category) {
    add(std::string(name) + " (" + std::string(name_of(category)) + ")", category);
  } else {
    add(name, category);
  }
}

TagList parse_tag_table(std::string_view text, const std::string& path) {
  LineSplitter fields(",");
  std::optional<std::size_t> name;
  std::optional<std::size_t> category;
  const auto split = [&](std::string_view line, std::size_t number) {
    if (!fields.split(line)) {
      throw Error(ErrorKind::bad_data, {.file = path, .line = number, .found = fields.problem()});
    }
  };
  split(take_line(text), 1);
  for (std::size_t field = 0; field < fields.size(); ++field) {
    if (fields[field] == "name") {
      name = field;
    } else if (fields[field] == "category") {
      category = field;
    }
  }
  if (!name) {
    refuse_tag_list(path, "a table without a column called name");
  }
  TagListBuilder builder(path);
  for (std::size_t line = 2; !text.empty(); ++line) {
    const std::string_view row = take_line(text);
    if (is_blank(row)) {
      continue;
    }
    split(row, line);
    if (fields.size() <= std::max(*name, category.value_or(0))) {
      throw Error(ErrorKind::bad_data,
                  {.file = path,
                   .line = line,
                   .found = "only " + std::to_string(fields.size()) + " fields",
                   .expected = "a name and a category, as the header says"});
    }
    builder.add_of_category(fields[*name],
                            category ? numbered_category(fields[*category]) : TagCategory::general);
  }
  if (builder.size() == 0) {
    refuse_tag_list(path, "a header and no tags");
  }
  return builder.take();
}

TagList parse_tag_lines(std::string_view text, const std::string& path) {
  TagListBuilder builder(path);
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    if (!is_blank(line)) {
      builder.add(line, TagCategory::general);
    }
  }
  return builder.take();
}

}  // namespace balse
