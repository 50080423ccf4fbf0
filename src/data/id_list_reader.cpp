#include "balse/data/id_list_reader.hpp"

#include "balse/data/column_choice.hpp"
#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"

#include "data/delimited_records.hpp"

namespace balse {
namespace {

class IdListReader {
 public:
  IdListReader(const std::string& path, Column column, const IdListOptions& options)
      : file_(path), records_(file_, {}), column_(column), options_(options) {}

  IdList read() {
    bool first = true;
    while (records_.next()) {
      const bool is_header = first && take_header();
      first = false;
      if (is_header) {
        continue;
      }
      const LineSplitter& row = records_.fields();
      if (!records_.is_whole() || row.size() <= field_ || row[field_].empty()) {
        throw Error(ErrorKind::bad_data, {.file = file_.path(),
                                          .line = records_.line(),
                                          .found = "no id in " + shorten(records_.text()),
                                          .expected = "an id in each row"});
      }
      list_.ids.emplace_back(row[field_]);
    }
    if (list_.ids.empty()) {
      throw Error(ErrorKind::bad_data,
                  {.file = file_.path(), .found = "holds no ids", .expected = "an id in each row"});
    }
    return std::move(list_);
  }

 private:
  // Whether the first row is one; finds the column.
  bool take_header() {
    const LineSplitter& row = records_.fields();
    const std::string& chosen = options_.column;
    if (is_chosen_by_name(chosen)) {
      const auto field = find_name(row, chosen);
      if (!field) {
        fail(row, "no column is called " + shorten(chosen));
      }
      field_ = *field;
      return true;
    }
    if (const auto number = chosen_number(chosen)) {
      field_ = *number - 1;
    } else if (const auto named = find_column(row, column_)) {
      field_ = *named;
      return true;
    }
    if (options_.known == nullptr || row.size() <= field_ ||
        options_.known->may_have(row[field_])) {
      return false;
    }
    if (row.size() > 1 && chosen.empty()) {
      fail(row, std::string("no column is known to be the ") +
                    (column_ == Column::user ? "user" : "item"));
    }
    list_.guess = "the first row, " + shorten(row[field_]) + ", is taken for a header";
    return true;
  }

  [[noreturn]] void fail(const LineSplitter& row, const std::string& why) const {
    throw Error(ErrorKind::bad_data,
                {.file = file_.path(),
                 .line = records_.line(),
                 .found = why + ": " + first_row_is(row),
                 .expected = "an id in each row, or a header that names the column",
                 .hint = column_ == Column::user ? "--users-column NAME" : "--items-column NAME"});
  }

  InputFile file_;
  DelimitedRecords records_;
  Column column_;
  const IdListOptions& options_;
  std::size_t field_ = 0;
  IdList list_;
};

}  // namespace

IdList read_user_ids(const std::string& path, const IdListOptions& options) {
  return IdListReader(path, Column::user, options).read();
}

IdList read_item_ids(const std::string& path, const IdListOptions& options) {
  return IdListReader(path, Column::item, options).read();
}

}  // namespace balse
