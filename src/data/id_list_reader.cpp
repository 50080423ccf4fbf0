#include "balse/data/id_list_reader.hpp"

#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

std::vector<std::string> read_ids(const std::string& path, Column column) {
  InputFile file(path);
  LineSplitter splitter(",");
  std::size_t field = 0;
  bool first = true;
  std::vector<std::string> ids;
  std::string_view line;
  while (file.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (first) {
      splitter = LineSplitter(detect_delimiter(line, 2));
    }
    if (!splitter.split(line) || splitter.size() <= field || splitter[field].empty()) {
      throw Error(ErrorKind::bad_data, {.file = path,
                                        .line = file.line_number(),
                                        .found = "no id in " + shorten(line),
                                        .expected = "an id in each row"});
    }
    const auto named = first ? find_column(splitter, column) : std::nullopt;
    first = false;
    if (named) {
      field = *named;
    } else {
      ids.emplace_back(splitter[field]);
    }
  }
  if (ids.empty()) {
    throw Error(ErrorKind::bad_data,
                {.file = path, .found = "holds no ids", .expected = "an id in each row"});
  }
  return ids;
}

}  // namespace

std::vector<std::string> read_user_ids(const std::string& path) {
  return read_ids(path, Column::user);
}

std::vector<std::string> read_item_ids(const std::string& path) {
  return read_ids(path, Column::item);
}

}  // namespace balse
