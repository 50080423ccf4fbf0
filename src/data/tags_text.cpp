#include "data/tags_text.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "balse/data/bad_rows.hpp"
#include "balse/data/column_names.hpp"
#include "balse/data/delimited.hpp"
#include "balse/data/input_file.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"
#include "data/tag_builder.hpp"

namespace balse {
namespace {

class TextTagsReader {
 public:
  TextTagsReader(const std::string& path, const ReadTagsOptions& options, ReadTagsSummary& summary)
      : options_(options),
        summary_(summary),
        file_(path),
        bad_rows_(options.skip_bad_rows, summary.bad_rows, summary.first_bad_rows) {}

  Tags read();

 private:
  bool start(std::string_view line);
  TagsFormat detect() const;
  bool take_triplet_header();
  void take_dense_header();
  void add_triplet(std::string_view line);
  void add_dense(std::string_view line);
  std::optional<float> weight_of(std::string_view text);
  void reject(const std::string& found, const std::string& expected, const std::string& hint);
  void reject_quotes(std::string_view line);

  const ReadTagsOptions& options_;
  ReadTagsSummary& summary_;
  InputFile file_;
  BadRows bad_rows_;
  LineSplitter splitter_{","};
  TagsFormat format_ = TagsFormat::detect;
  std::size_t item_ = 0;  // fields
  std::size_t tag_ = 1;
  std::size_t weight_ = 2;
  std::size_t needed_ = 3;
  std::vector<float> row_;  // of a dense file
  Tags tags_;
  TagBuilder builder_;
};

Tags TextTagsReader::read() {
  std::string_view line;
  while (file_.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (format_ == TagsFormat::detect && start(line)) {
      continue;
    }
    if (format_ == TagsFormat::dense) {
      add_dense(line);
    } else {
      add_triplet(line);
    }
  }
  if (tags_.items.size() == 0) {
    bad_rows_.fail_nothing_left(file_.path(), "tags", "rows of item,tag,weight");
  }
  tags_.matrix = builder_.build(tags_.items.size(), tags_.names.size());
  summary_.duplicates = builder_.duplicates();
  summary_.fingerprint = file_.fingerprint();
  return std::move(tags_);
}

// Decides by the first row how the file is written; true if that row is a header.
bool TextTagsReader::start(std::string_view line) {
  const std::size_t wanted = options_.format == TagsFormat::dense ? 2 : 3;
  splitter_ = LineSplitter(options_.delimiter.empty() ? detect_delimiter(line, wanted)
                                                      : options_.delimiter);
  if (!splitter_.split(line)) {
    throw Error(ErrorKind::bad_data,
                {.file = file_.path(),
                 .line = file_.line_number(),
                 .found = std::string(splitter_.problem()) + " in " + shorten(line),
                 .hint = kDelimitersHint});
  }
  format_ = options_.format == TagsFormat::detect ? detect() : options_.format;
  if (format_ == TagsFormat::dense) {
    take_dense_header();
    return true;
  }
  return take_triplet_header();
}

TagsFormat TextTagsReader::detect() const {
  const auto tag = find_column(splitter_, Column::tag);
  if (find_column(splitter_, Column::item) && tag &&
      (find_column(splitter_, Column::weight) || splitter_[*tag] != "name")) {
    return TagsFormat::triplets;
  }
  // Any number will do here: that 1.5 is no weight is said when the row is read.
  const bool starts_with_name = find_column(splitter_, Column::item) == std::size_t{0};
  return splitter_.size() == 3 && !starts_with_name && parse_number(splitter_[2])
             ? TagsFormat::triplets
             : TagsFormat::dense;
}

bool TextTagsReader::take_triplet_header() {
  const auto item = find_column(splitter_, Column::item);
  const auto tag = find_column(splitter_, Column::tag);
  const auto weight = find_column(splitter_, Column::weight);
  if (!item || !tag) {
    return false;  // a row, or add_triplet() says what is wrong with it
  }
  if (!weight) {
    throw Error(ErrorKind::bad_data, {.file = file_.path(),
                                      .line = file_.line_number(),
                                      .found = "missing column: the header names no weight",
                                      .expected = "item,tag,weight"});
  }
  item_ = *item;
  tag_ = *tag;
  weight_ = *weight;
  needed_ = std::max({item_, tag_, weight_}) + 1;
  return true;
}

void TextTagsReader::take_dense_header() {
  const auto fail = [&](const std::string& found) {
    throw Error(
        ErrorKind::bad_data,
        {.file = file_.path(),
         .line = file_.line_number(),
         .found = found + " when split at " + delimiter_name(splitter_.delimiter()),
         .expected = "rows of item,tag,weight, or a header that names a tag for each column "
                     "after the first",
         .hint = kDelimitersHint});
  };
  if (splitter_.size() < 2) {
    fail("missing column: only 1 field, " + shorten(splitter_[0]) + ',');
  }
  for (std::size_t field = 1; field < splitter_.size(); ++field) {
    if (splitter_[field].empty()) {
      fail("column " + std::to_string(field + 1) + " has no name");
    }
    if (tags_.names.insert(splitter_[field]) != field - 1) {
      fail("the tag " + shorten(splitter_[field]) + " is named twice");
    }
  }
  row_.resize(tags_.names.size());
}

void TextTagsReader::add_triplet(std::string_view line) {
  ++summary_.rows;
  if (!splitter_.split(line, needed_)) {
    reject_quotes(line);
  } else if (splitter_.size() < needed_) {
    reject("missing column: only " + std::to_string(splitter_.size()) + " when " + shorten(line) +
               " is split at " + delimiter_name(splitter_.delimiter()),
           "item,tag,weight", kDelimitersHint);
  } else if (splitter_[item_].empty() || splitter_[tag_].empty()) {
    reject("an empty " + std::string(splitter_[item_].empty() ? "item id" : "tag") + " in " +
               shorten(line),
           {}, {});
  } else if (const auto weight = weight_of(splitter_[weight_])) {
    builder_.add(tags_.items.insert(splitter_[item_]), tags_.names.insert(splitter_[tag_]),
                 *weight);
  }
}

void TextTagsReader::add_dense(std::string_view line) {
  ++summary_.rows;
  if (!splitter_.split(line)) {
    reject_quotes(line);
    return;
  }
  if (splitter_.size() != row_.size() + 1) {
    reject("found " + counted(splitter_.size(), "field"),
           std::to_string(row_.size() + 1) + " as in the header", kDelimitersHint);
    return;
  }
  if (splitter_[0].empty()) {
    reject("an empty item id in " + shorten(line), {}, {});
    return;
  }
  for (std::size_t tag = 0; tag < row_.size(); ++tag) {
    const std::optional<float> weight = weight_of(splitter_[tag + 1]);
    if (!weight) {
      return;
    }
    row_[tag] = *weight;
  }
  const bool again = tags_.items.find(splitter_[0]).has_value();
  const std::uint32_t item = tags_.items.insert(splitter_[0]);
  for (std::uint32_t tag = 0; tag < row_.size(); ++tag) {
    if (row_[tag] != 0.0F || again) {  // zeros need no entry unless they replace another weight
      builder_.add(item, tag, row_[tag]);
    }
  }
}

// Nothing where the row is bad for its sake.
std::optional<float> TextTagsReader::weight_of(std::string_view text) {
  const std::optional<double> weight = parse_number(text);
  if (weight && *weight >= 0.0 && *weight <= 1.0) {
    return static_cast<float>(*weight);
  }
  reject("found " + shorten(text) + " as the weight of a tag", "a number from 0 to 1", {});
  return std::nullopt;
}

void TextTagsReader::reject(const std::string& found, const std::string& expected,
                            const std::string& hint) {
  const std::string skip = options_.can_skip ? "--skip-bad-rows" : "";
  bad_rows_.add([&] {
    return ErrorParts{.file = file_.path(),
                      .line = file_.line_number(),
                      .found = found,
                      .expected = expected,
                      .hint = hint + (hint.empty() || skip.empty() ? "" : "; or ") + skip};
  });
}

void TextTagsReader::reject_quotes(std::string_view line) {
  reject(std::string(splitter_.problem()) + " in " + shorten(line), {}, kDelimitersHint);
}

}  // namespace

Tags read_text_tags(const std::string& path, const ReadTagsOptions& options,
                    ReadTagsSummary& summary) {
  return TextTagsReader(path, options, summary).read();
}

}  // namespace balse
