#include "balse/data/works_reader.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/data/bad_rows.hpp"
#include "balse/data/column_choice.hpp"
#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/delimited_records.hpp"
#include "data/json_stream.hpp"
#include "data/work_shape.hpp"
#include "data/works_json.hpp"

namespace balse {
namespace {

constexpr std::size_t kHead = std::size_t{1} << 15;  // bytes that the columns are told by

class WorksReader {
 public:
  WorksReader(const std::string& path, const ReadWorksOptions& options, ReadWorksSummary& summary)
      : options_(options),
        summary_(summary),
        file_(path),
        records_(file_, options.delimiter),
        bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows) {}

  Works read();

 private:
  /// A row of which it is not known yet which of its fields is the item.
  struct Row {
    std::uint64_t line;
    std::vector<std::string> ids;  // one of each candidate
    std::string title;
    std::string category;
  };

  void start();
  std::optional<std::size_t> chosen(const std::string& column) const;
  void find_candidates();
  void add_row();
  void choose_item();
  void keep(const Row& row, std::size_t id);
  void reject(const std::string& found, const std::string& expected);
  void add_guess(const std::string& guess);
  std::string title();
  void say_longer_rows();

  const ReadWorksOptions& options_;
  ReadWorksSummary& summary_;
  InputFile file_;
  DelimitedRecords records_;
  BadRows bad_rows_;
  bool started_ = false;
  std::vector<std::size_t> items_ = {0};  // columns that may be the item, the likeliest first
  std::vector<std::string> item_names_ = {"column 1"};
  std::size_t title_ = 1;
  std::optional<std::size_t> category_ = 2;
  std::string head_;         // of the file
  std::size_t columns_ = 0;  // of the header, or of most rows
  std::size_t joined_ = 0;   // titles that hold the delimiter, and nothing comes behind them
  std::size_t longer_ = 0;   // other rows with more fields than columns_
  std::uint64_t longer_line_ = 0;
  std::vector<Row> rows_;
  Works works_;
};

Works WorksReader::read() {
  if (options_.delimiter.empty() && looks_like_json(file_.head())) {
    read_json_works(file_, [this](const JsonWork& work) {
      ++summary_.rows;
      keep({.line = work.line, .ids = {work.item}, .title = work.title, .category = work.category},
           0);
    });
    summary_.had_header = true;
    summary_.read_as = "JSON: objects with an item and a title";
    summary_.fingerprint = file_.fingerprint();
    return std::move(works_);
  }
  head_ = file_.head().substr(0, kHead);
  while (records_.next()) {
    if (!started_) {
      started_ = true;
      start();
      if (summary_.had_header) {
        continue;
      }
    }
    add_row();
  }
  choose_item();
  say_longer_rows();
  if (works_.titles.empty()) {
    bad_rows_.fail_nothing_left(file_.path(), "works", "rows of item,title");
  }
  summary_.fingerprint = file_.fingerprint();
  return std::move(works_);
}

std::optional<std::size_t> WorksReader::chosen(const std::string& column) const {
  if (column.empty()) {
    return std::nullopt;
  }
  if (const auto number = chosen_number(column)) {
    return *number - 1;
  }
  const auto field = find_name(records_.fields(), column);
  if (!field) {
    throw Error(ErrorKind::bad_data, {.file = file_.path(),
                                      .line = records_.line(),
                                      .found = "no column is called " + shorten(column),
                                      .expected = "one of the header's names",
                                      .hint = "--works-columns item=NAME,title=NAME"});
  }
  return field;
}

void WorksReader::start() {
  const LineSplitter& header = records_.fields();
  if (!records_.is_whole()) {
    return;
  }
  const WorkColumns& columns = options_.columns;
  const auto title =
      columns.title.empty() ? find_column(header, Column::title) : chosen(columns.title);
  find_candidates();
  summary_.had_header =
      (!items_.empty() && title && columns.item.empty() && columns.title.empty()) ||
      is_chosen_by_name(columns.item) || is_chosen_by_name(columns.title) ||
      is_chosen_by_name(columns.category);
  if (!summary_.had_header && columns.item.empty() && columns.title.empty() &&
      options_.rated != nullptr && !options_.rated->may_have(header[0])) {
    summary_.had_header = true;
    items_ = {0};
    add_guess("the first row is taken for a header");
  }
  const WorkShape shape = work_shape(head_, records_.delimiter());
  const bool by_names = summary_.had_header && title;
  if (const auto item = chosen(columns.item)) {
    items_ = {*item};
  } else if (!summary_.had_header || items_.empty()) {
    items_ = {0};
  }
  title_ = title && (by_names || !columns.title.empty()) ? *title : shape.title;
  columns_ = by_names ? header.size() : shape.columns;
  if (!columns.category.empty()) {
    category_ = chosen(columns.category);
  } else if (by_names) {
    category_ = find_column(header, Column::category);
  } else if (!shape.has_category) {
    category_.reset();
  }
  if (!by_names && columns.title.empty() && (title_ != 1 || summary_.had_header)) {
    add_guess("column " + std::to_string(title_ + 1) + " is taken for the title" +
              (title_ != 1 ? ", as there are numbers before it" : ""));
  }
  item_names_.clear();
  for (const std::size_t item : items_) {
    item_names_.push_back(summary_.had_header && item < header.size()
                              ? shorten(header[item])
                              : "column " + std::to_string(item + 1));
  }
  summary_.read_as = "title = " + (summary_.had_header && title_ < header.size()
                                       ? shorten(header[title_])
                                       : "column " + std::to_string(title_ + 1));
}

// All that are called as items are, and "id".
void WorksReader::find_candidates() {
  const LineSplitter& header = records_.fields();
  items_ = find_columns(header, Column::item);
  for (std::size_t field = 0; field < header.size(); ++field) {
    const bool is_id = same_name(header[field], "id") || same_name(header[field], "malid") ||
                       same_name(header[field], "bestbookid");
    if (is_id && std::find(items_.begin(), items_.end(), field) == items_.end()) {
      items_.push_back(field);
    }
  }
}

void WorksReader::add_row() {
  ++summary_.rows;
  const LineSplitter& fields = records_.fields();
  const std::size_t needed = std::max(items_.front(), title_) + 1;
  if (!records_.is_whole()) {
    reject(std::string(fields.problem()) + " in " + shorten(records_.text()), {});
  } else if (fields.size() < needed) {
    reject("missing column: only " + std::to_string(fields.size()) + " when " +
               shorten(records_.text()) + " is split at " + delimiter_name(records_.delimiter()),
           "item,title");
  } else {
    Row row{.line = records_.line(), .ids = {}, .title = title(), .category = {}};
    for (const std::size_t item : items_) {
      row.ids.emplace_back(item < fields.size() ? fields[item] : std::string_view());
    }
    if (row.ids.front().empty()) {
      reject("an empty item id in " + shorten(records_.text()), {});
      return;
    }
    if (category_ && *category_ < fields.size()) {
      row.category = fields[*category_];
    }
    if (items_.size() == 1) {
      keep(row, 0);
    } else {
      rows_.push_back(std::move(row));
    }
  }
}

// By the ratings' items; of columns that are equally good the first.
void WorksReader::choose_item() {
  std::size_t best = 0;
  std::size_t most = 0;
  for (std::size_t id = 0; id < items_.size() && options_.rated != nullptr; ++id) {
    IdIndex seen;
    for (const Row& row : rows_) {
      if (options_.rated->find(row.ids[id])) {
        seen.insert(row.ids[id]);
      }
    }
    if (seen.size() > most) {
      most = seen.size();
      best = id;
    }
  }
  for (const Row& row : rows_) {
    if (!row.ids[best].empty()) {
      keep(row, best);
    }
  }
  summary_.read_as = "item = " + item_names_[best] + ", " + summary_.read_as;
  if (items_.size() > 1) {
    std::string others;
    for (std::size_t id = 0; id < items_.size(); ++id) {
      others += id == best ? "" : (others.empty() ? "" : ", ") + item_names_[id];
    }
    add_guess("the item is " + item_names_[best] + ", not " + others +
              (most > 0 ? ": most of its ids are rated" : ""));
  }
}

// Of the last row. A title that comes last may have commas that nobody quoted, as Netflix' has.
std::string WorksReader::title() {
  const LineSplitter& fields = records_.fields();
  const std::string_view text = records_.text();
  if (columns_ == 0 || fields.size() <= columns_) {
    return std::string(fields[title_]);
  }
  if (title_ + 1 == columns_ && text.find('"') == std::string_view::npos) {
    ++joined_;
    const std::string_view all =
        text.substr(static_cast<std::size_t>(fields[title_].data() - text.data()));
    return std::string(all.substr(0, all.find_last_not_of(" \t\r") + 1));
  }
  if (longer_++ == 0) {
    longer_line_ = records_.line();
  }
  return std::string(fields[title_]);
}

void WorksReader::say_longer_rows() {
  if (joined_ > 0) {
    add_guess(counted(joined_, "title") + " with " + delimiter_name(records_.delimiter()) +
              " in it: all to the end of the line");
  }
  if (longer_ > 0) {
    add_guess(counted(longer_, "row") + " with more than " + counted(columns_, "field") +
              ", as line " + std::to_string(longer_line_) +
              ": titles there may be cut; quotes around them help");
  }
}

void WorksReader::add_guess(const std::string& guess) {
  summary_.guess += (summary_.guess.empty() ? "" : "; ") + guess;
}

void WorksReader::keep(const Row& row, std::size_t id) {
  const std::uint32_t index = works_.items.insert(row.ids[id]);
  if (index == works_.titles.size()) {
    works_.titles.push_back(row.title);
    works_.categories.push_back(row.category);
    return;
  }
  if (summary_.duplicates++ == 0) {
    summary_.first_duplicate = row.ids[id];
    summary_.first_duplicate_line = row.line;
  }
  works_.titles[index] = row.title;
  works_.categories[index] = row.category;
}

void WorksReader::reject(const std::string& found, const std::string& expected) {
  bad_rows_.add([&] {
    return ErrorParts{.file = file_.path(),
                      .line = records_.line(),
                      .found = found,
                      .expected = expected,
                      .hint = kDelimitersHint};
  });
}

}  // namespace

WorkColumns WorkColumns::parse(std::string_view text) {
  WorkColumns columns;
  parse_columns(
      text, "--works-columns item=id,title=name",
      {{"item", &columns.item}, {"title", &columns.title}, {"category", &columns.category}});
  return columns;
}

Works read_works(const std::string& path, const ReadWorksOptions& options,
                 ReadWorksSummary& summary) {
  summary = {};
  return WorksReader(path, options, summary).read();
}

}  // namespace balse
