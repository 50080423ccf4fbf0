#include "balse/data/works_reader.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/data/bad_rows.hpp"
#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

class WorksReader {
 public:
  WorksReader(const std::string& path, const ReadWorksOptions& options, ReadWorksSummary& summary)
      : options_(options),
        summary_(summary),
        file_(path),
        bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows) {}

  Works read();

 private:
  bool start(std::string_view line);
  void add_row(std::string_view line);
  void keep(std::string_view item, std::string_view title, std::string_view category);
  void reject(const std::string& found, const std::string& expected);

  const ReadWorksOptions& options_;
  ReadWorksSummary& summary_;
  InputFile file_;
  BadRows bad_rows_;
  LineSplitter splitter_{","};
  std::size_t item_ = 0;  // fields
  std::size_t title_ = 1;
  std::optional<std::size_t> category_ = 2;
  std::size_t needed_ = 0;
  Works works_;
};

Works WorksReader::read() {
  std::string_view line;
  while (file_.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (needed_ == 0 && start(line)) {
      continue;
    }
    add_row(line);
  }
  if (works_.titles.empty()) {
    bad_rows_.fail_nothing_left(file_.path(), "works", "rows of item,title");
  }
  summary_.fingerprint = file_.fingerprint();
  return std::move(works_);
}

bool WorksReader::start(std::string_view line) {
  splitter_ =
      LineSplitter(options_.delimiter.empty() ? detect_delimiter(line, 2) : options_.delimiter);
  if (splitter_.split(line)) {
    const auto item = find_column(splitter_, Column::item);
    const auto title = find_column(splitter_, Column::title);
    if (item && title) {
      summary_.had_header = true;
      item_ = *item;
      title_ = *title;
      category_ = find_column(splitter_, Column::category);
    }
  }
  needed_ = std::max(item_, title_) + 1;
  return summary_.had_header;
}

void WorksReader::add_row(std::string_view line) {
  ++summary_.rows;
  if (!splitter_.split(line, std::max(needed_, category_.value_or(0) + 1))) {
    reject(std::string(splitter_.problem()) + " in " + shorten(line), {});
  } else if (splitter_.size() < needed_) {
    reject("missing column: only " + std::to_string(splitter_.size()) + " when " + shorten(line) +
               " is split at " + delimiter_name(splitter_.delimiter()),
           "item,title");
  } else if (splitter_[item_].empty()) {
    reject("an empty item id in " + shorten(line), {});
  } else {
    const bool has_category = category_ && *category_ < splitter_.size();
    keep(splitter_[item_], splitter_[title_], has_category ? splitter_[*category_] : "");
  }
}

void WorksReader::keep(std::string_view item, std::string_view title, std::string_view category) {
  const std::uint32_t index = works_.items.insert(item);
  if (index == works_.titles.size()) {
    works_.titles.emplace_back(title);
    works_.categories.emplace_back(category);
  } else {
    if (summary_.duplicates++ == 0) {
      summary_.first_duplicate = item;
      summary_.first_duplicate_line = file_.line_number();
    }
    works_.titles[index] = title;
    works_.categories[index] = category;
  }
}

void WorksReader::reject(const std::string& found, const std::string& expected) {
  bad_rows_.add([&] {
    return ErrorParts{.file = file_.path(),
                      .line = file_.line_number(),
                      .found = found,
                      .expected = expected,
                      .hint = kDelimitersHint};
  });
}

}  // namespace

Works read_works(const std::string& path, const ReadWorksOptions& options,
                 ReadWorksSummary& summary) {
  summary = {};
  return WorksReader(path, options, summary).read();
}

}  // namespace balse
