#include "data/tags_delimited.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "balse/data/delimited.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/delimited_records.hpp"
#include "data/tag_layout.hpp"
#include "data/tag_text.hpp"

namespace balse {
namespace {

constexpr std::size_t kSample = 200;  // rows that are looked at before the first is taken

using Fields = std::vector<std::string_view>;

class DelimitedTags {
 public:
  DelimitedTags(InputFile& file, TagCollector& tags)
      : records_(file, tags.options().delimiter), file_(file), tags_(tags) {}

  void read();

 private:
  /// One of the first rows, kept until it is known what they are.
  struct Kept {
    std::uint64_t line;
    TagRow fields;
    std::string problem;  // of its quotes
    std::string text;
  };

  void add(const Fields& row, std::uint64_t line, const std::string& problem,
           std::string_view text);
  std::string_view item_of(const Fields& row) const;
  void add_triplet(const Fields& row, std::string_view text);
  void add_pair(const Fields& row, std::string_view text);
  void add_lists(const Fields& row, std::string_view text);
  void add_dense(const Fields& row, std::string_view text);
  void add_shares();
  bool is_short(const Fields& row, std::size_t needed, std::string_view text,
                const std::string& expected);
  bool is_empty(const Fields& row, std::size_t tag, std::string_view text);

  DelimitedRecords records_;
  InputFile& file_;
  TagCollector& tags_;
  TagLayout layout_;
  std::size_t fields_ = 0;            // of the first row
  std::vector<std::uint32_t> dense_;  // tag of each of layout_.tags
  std::vector<float> row_;            // of a dense table
  std::size_t empty_cells_ = 0;       // of that
  // Pairs with users: who gave an item a tag, and who tagged it at all.
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> givers_;
  IdIndex given_;                      // item, tag and user in one text
  IdIndex taggers_;                    // item and user
  std::vector<std::uint32_t> tagged_;  // taggers of each item
};

void DelimitedTags::read() {
  std::vector<Kept> kept;
  while (kept.size() < kSample && records_.next()) {
    TagRow fields;
    for (const std::string_view field : records_.fields()) {
      fields.emplace_back(field);
    }
    kept.push_back({.line = records_.line(),
                    .fields = std::move(fields),
                    .problem = records_.is_whole() ? "" : records_.fields().problem(),
                    .text = std::string(records_.text())});
    if (kept.size() == 1 && !records_.is_whole()) {
      throw Error(ErrorKind::bad_data, {.file = file_.path(),
                                        .line = records_.line(),
                                        .found = kept[0].problem + " in " + shorten(kept[0].text),
                                        .hint = kDelimitersHint});
    }
  }
  if (kept.empty()) {
    return;
  }
  std::vector<TagRow> rows;
  for (const Kept& row : kept) {
    if (row.problem.empty()) {
      rows.push_back(row.fields);
    }
  }
  layout_ = tag_layout(rows, tags_.options(), records_.delimiter(), file_.path(), kept[0].line);
  fields_ = kept[0].fields.size();
  if (!layout_.guess.empty()) {
    tags_.add_guess(layout_.guess);
  }
  tags_.set_read_as("rows between " + delimiter_name(records_.delimiter()) + ": " +
                    layout_.read_as);
  if (layout_.format == TagsFormat::dense) {
    for (const std::size_t column : layout_.tags) {
      dense_.push_back(tags_.tag(kept[0].fields[column]));
    }
    row_.resize(dense_.size());
  }
  for (std::size_t k = layout_.has_header ? 1 : 0; k < kept.size(); ++k) {
    add({kept[k].fields.begin(), kept[k].fields.end()}, kept[k].line, kept[k].problem,
        kept[k].text);
  }
  kept.clear();
  Fields row;
  while (records_.next()) {
    row.resize(records_.fields().size());
    for (std::size_t k = 0; k < row.size(); ++k) {
      row[k] = records_.fields()[k];
    }
    add(row, records_.line(), records_.is_whole() ? "" : records_.fields().problem(),
        records_.text());
  }
  add_shares();
  if (empty_cells_ > 0) {
    tags_.add_guess(counted(empty_cells_, "empty cell") + " of the table: weights of 0");
  }
  if (layout_.counts) {
    tags_.make_largest_one();
  }
}

void DelimitedTags::add(const Fields& row, std::uint64_t line, const std::string& problem,
                        std::string_view text) {
  tags_.begin_row(line);
  if (!problem.empty()) {
    tags_.reject(problem + " in " + shorten(text), {}, kDelimitersHint);
    return;
  }
  switch (layout_.format) {
    case TagsFormat::pairs:
      add_pair(row, text);
      break;
    case TagsFormat::lists:
      add_lists(row, text);
      break;
    case TagsFormat::dense:
      add_dense(row, text);
      break;
    default:
      add_triplet(row, text);
  }
}

std::string_view DelimitedTags::item_of(const Fields& row) const {
  return layout_.item_is_file ? stem_of(row[layout_.item]) : row[layout_.item];
}

// Or too long: 0,5 between commas would be 0.
bool DelimitedTags::is_short(const Fields& row, std::size_t needed, std::string_view text,
                             const std::string& expected) {
  const bool more =
      std::any_of(row.begin() + static_cast<std::ptrdiff_t>(std::min(row.size(), fields_)),
                  row.end(), [](std::string_view field) { return !field.empty(); });
  if (more) {
    tags_.reject("more fields than the " + counted(fields_, "column") + " of the first row in " +
                     shorten(text),
                 {}, "quotes around what holds the delimiter");
    return true;
  }
  if (row.size() > needed) {
    return false;
  }
  tags_.reject("missing column: only " + std::to_string(row.size()) + " when " + shorten(text) +
                   " is split at " + delimiter_name(records_.delimiter()),
               expected, kDelimitersHint);
  return true;
}

bool DelimitedTags::is_empty(const Fields& row, std::size_t tag, std::string_view text) {
  const bool no_item = row[layout_.item].empty();
  if (!no_item && !row[tag].empty()) {
    return false;
  }
  tags_.reject("an empty " + (no_item ? tags_.words().item + " id" : tags_.words().tag) + " in " +
                   shorten(text),
               {}, {});
  return true;
}

void DelimitedTags::add_triplet(const Fields& row, std::string_view text) {
  const std::size_t tag = layout_.tags[0];
  const std::size_t weight = *layout_.weight;
  if (is_short(row, std::max({layout_.item, tag, weight}), text, tags_.words().triplet()) ||
      is_empty(row, tag, text)) {
    return;
  }
  if (const auto number = tags_.weight_of(row[weight], layout_.unit)) {
    tags_.add(item_of(row), row[tag], *number);
  }
}

void DelimitedTags::add_pair(const Fields& row, std::string_view text) {
  const std::size_t tag = layout_.tags[0];
  const std::size_t user = layout_.user.value_or(0);
  if (is_short(row, std::max({layout_.item, tag, user}), text, tags_.words().pair()) ||
      is_empty(row, tag, text)) {
    return;
  }
  if (!layout_.user) {
    tags_.add(item_of(row), row[tag], 1.0F);
    return;
  }
  const std::uint32_t item = tags_.item(item_of(row));
  const std::uint32_t name = tags_.tag(row[tag]);
  tagged_.resize(std::max<std::size_t>(tagged_.size(), item + 1));
  const std::size_t before = taggers_.size();
  tagged_[item] +=
      taggers_.insert(std::to_string(item) + ' ' + std::string(row[user])) == before ? 1 : 0;
  const std::size_t known = given_.size();
  const bool is_new = given_.insert(std::to_string(item) + ' ' + std::to_string(name) + ' ' +
                                    std::string(row[user])) == known;
  givers_[{item, name}] += is_new ? 1 : 0;
}

void DelimitedTags::add_shares() {
  for (const auto& [pair, count] : givers_) {
    tags_.add(pair.first, pair.second,
              static_cast<float>(static_cast<double>(count) / tagged_[pair.first]));
  }
}

void DelimitedTags::add_lists(const Fields& row, std::string_view text) {
  if (is_short(row, layout_.item, text, tags_.words().list)) {
    return;
  }
  if (row[layout_.item].empty()) {
    tags_.reject("an empty " + tags_.words().item + " id in " + shorten(text), {}, {});
    return;
  }
  const std::uint32_t item = tags_.item(item_of(row));
  for (std::size_t k = 0; k < layout_.tags.size(); ++k) {
    const std::size_t column = layout_.tags[k];
    if (column >= row.size()) {
      continue;
    }
    for (const std::string& tag : split_tags(row[column], layout_.separators[k])) {
      tags_.add(item, tags_.tag(tag), 1.0F);
    }
  }
}

void DelimitedTags::add_dense(const Fields& row, std::string_view text) {
  if (row.size() != fields_) {
    tags_.reject("found " + counted(row.size(), "field"),
                 std::to_string(fields_) + " as in the header", kDelimitersHint);
    return;
  }
  if (row[layout_.item].empty()) {
    tags_.reject("an empty " + tags_.words().item + " id in " + shorten(text), {}, {});
    return;
  }
  for (std::size_t k = 0; k < dense_.size(); ++k) {
    const std::string_view cell = row[layout_.tags[k]];
    const std::optional<float> weight = cell.empty() ? 0.0F : tags_.weight_of(cell);
    if (!weight) {
      return;
    }
    row_[k] = *weight;
    empty_cells_ += cell.empty() ? 1 : 0;
  }
  const bool again = tags_.has_item(item_of(row));
  const std::uint32_t item = tags_.item(item_of(row));
  for (std::size_t k = 0; k < dense_.size(); ++k) {
    if (row_[k] != 0.0F || again) {  // zeros need no entry unless they replace another weight
      tags_.add(item, dense_[k], row_[k]);
    }
  }
}

}  // namespace

void read_delimited_tags(InputFile& file, TagCollector& tags) {
  DelimitedTags(file, tags).read();
}

}  // namespace balse
