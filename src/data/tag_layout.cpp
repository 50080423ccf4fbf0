#include "data/tag_layout.hpp"

#include <limits>
#include <set>

#include "balse/data/column_choice.hpp"
#include "balse/data/column_names.hpp"
#include "balse/data/row_text.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"
#include "data/tag_first_row.hpp"
#include "data/tag_sample.hpp"
#include "data/tag_text.hpp"
#include "data/tag_words.hpp"

namespace balse {
namespace {

class TagLayoutFinder {
 public:
  TagLayoutFinder(const std::vector<TagRow>& rows, const ReadTagsOptions& options,
                  const std::string& delimiter, const std::string& file, std::uint64_t line)
      : sample_(rows),
        first_(rows.front(), options, delimiter, file, line),
        options_(options),
        words_(words_of(options.subject)) {}

  TagLayout find() {
    if (options_.format == TagsFormat::dense) {
      find_dense();
    } else if (const auto item = first_.item()) {
      if (first_.is_header()) {
        use_header();
      }
      layout_.item = *item;
      layout_.item_is_file = layout_.has_header && first_.is_called(*item, Column::file);
      find_by_names();
    } else {
      find_without_names();
    }
    return layout_;
  }

 private:
  void use_header() {
    layout_.has_header = true;
    sample_.set_has_header(true);
  }

  void find_by_names() {
    const std::optional<std::size_t> tag = options_.columns.tag.empty()
                                               ? first_.column(Column::tag)
                                               : first_.chosen(options_.columns.tag);
    std::optional<std::size_t> weight;
    if (!options_.columns.weight.empty()) {
      weight = first_.chosen(options_.columns.weight);
    } else {
      for (const Column name : {Column::count, Column::weight, Column::rank}) {
        const auto found = first_.column(name);
        weight = found ? found : weight;
      }
    }
    // "name" may be that of the item, and a table may have a tag called "value".
    const bool is_name = tag && options_.columns.tag.empty() && same_name(first_[*tag], "name");
    const std::vector<std::size_t> lists = list_columns(tag);
    if (options_.format == TagsFormat::lists ||
        (options_.format == TagsFormat::detect && !lists.empty())) {
      find_lists(lists.empty() && tag ? std::vector<std::size_t>{*tag} : lists);
    } else if (tag && weight && options_.format != TagsFormat::pairs) {
      find_triplets(*tag, *weight);
    } else if (tag && (!is_name || options_.format == TagsFormat::pairs)) {
      find_pairs(*tag);
    } else {
      find_dense();
    }
  }

  // Of texts: a column "genres" of numbers is one of a table.
  std::vector<std::size_t> list_columns(std::optional<std::size_t> tag) const {
    std::vector<std::size_t> lists;
    if (tag && !options_.columns.tag.empty()) {
      if (sample_.kind_of(*tag).is_text() && sample_.has_any(*tag, "|,;")) {
        lists.push_back(*tag);
      }
      return lists;
    }
    for (std::size_t k = 0; k < first_.size(); ++k) {
      if (k != layout_.item && first_.is_called(k, Column::tag_list) && kind_of_list(k)) {
        lists.push_back(k);
      }
    }
    return lists;
  }

  bool kind_of_list(std::size_t column) const {
    const TagColumnKind kind = sample_.kind_of(column);
    return kind.is_text() || (kind.numbers == 0 && kind.truths == 0);
  }

  void find_lists(const std::vector<std::size_t>& columns) {
    if (columns.empty()) {
      first_.fail("no column is known to hold lists of " + words_.tag + "s");
    }
    layout_.format = TagsFormat::lists;
    layout_.tags = columns;
    for (const std::size_t column : columns) {
      // RecBole's lists, and Danbooru's.
      const bool spaces = layout_.has_header && (first_[column].ends_with(":token_seq") ||
                                                 same_name(first_[column], "tag_string"));
      layout_.separators.push_back(spaces ? ' ' : tag_separator(sample_.values_of(column)));
    }
    std::string names;
    for (const std::size_t column : columns) {
      names += (names.empty() ? "" : " and ") + name_of(column);
    }
    layout_.guess =
        "lists of " + words_.tag + "s in " + names + ", each of " + words_.weight + " 1";
    layout_.read_as = words_.item + " = " + name_of(layout_.item) + ", lists of " + words_.tag +
                      "s between " + delimiter_name(std::string(1, layout_.separators.front())) +
                      " in " + names;
  }

  void find_triplets(std::size_t tag, std::size_t weight) {
    layout_.format = TagsFormat::triplets;
    layout_.tags = {tag};
    layout_.weight = weight;
    const TagColumnKind kind = sample_.kind_of(weight);
    const bool called_rank = layout_.has_header && first_.is_called(weight, Column::rank);
    const bool is_rank = kind.highest > 10.0 && kind.highest <= 100.0 &&
                         (called_rank || kind.above_one * 2 > kind.numbers);
    if (layout_.has_header && first_.is_called(weight, Column::count) && kind.highest > 1.0) {
      layout_.counts = true;
      layout_.unit = std::numeric_limits<double>::infinity();
      layout_.guess =
          words_.weight + "s are counts, so the largest of " + words_.one + " becomes 1";
    } else if (is_rank || (called_rank && kind.highest > 1.0)) {
      layout_.unit = 100.0;
      layout_.guess = words_.weight + "s reach " + exact_text(kind.highest) +
                      ", so they are taken for 0 to 100";
    }
    layout_.read_as = words_.item + " = " + name_of(layout_.item) + ", " + words_.tag + " = " +
                      name_of(tag) + ", " + words_.weight + " = " + name_of(weight);
  }

  void find_pairs(std::size_t tag) {
    if (options_.format == TagsFormat::detect && layout_.has_header &&
        !sample_.repeats(layout_.item) && sample_.has_any(tag, "|,")) {
      find_lists({tag});
      return;
    }
    layout_.format = TagsFormat::pairs;
    layout_.tags = {tag};
    layout_.user = layout_.has_header && options_.subject == TagSubject::items
                       ? first_.column(Column::user)
                       : std::nullopt;
    layout_.guess = layout_.user
                        ? "no weights, so a tag's is the share of those who tagged the item (" +
                              name_of(*layout_.user) + ") who gave it"
                        : "no " + words_.weight + "s, so they are 1";
    layout_.read_as =
        words_.item + " = " + name_of(layout_.item) + ", " + words_.tag + " = " + name_of(tag);
  }

  // A row without a header: item,tag,weight; item,tag; or MovieLens' item::title::lists.
  void find_without_names() {
    const std::size_t size = first_.size();
    const auto numbers = [this](std::size_t column) {
      const TagColumnKind kind = sample_.kind_of(column);
      return kind.numbers > 0 && parse_number(first_[column]).has_value();
    };
    const bool triplets = size == 3 && numbers(2);
    if (options_.format == TagsFormat::triplets ||
        (options_.format == TagsFormat::detect && triplets)) {
      if (size < 3) {
        first_.fail("missing column: only " + counted(size, "field"));
      }
      layout_.item = 0;
      find_triplets(1, 2);
      return;
    }
    const bool last_is_list =
        size >= 2 && sample_.kind_of(size - 1).is_text() && sample_.has_any(size - 1, "|");
    if (options_.format == TagsFormat::lists ||
        (options_.format == TagsFormat::detect && last_is_list)) {
      find_lists({size - 1});
      return;
    }
    refuse_unknown_header();
    if (options_.format == TagsFormat::detect && size > 1 &&
        (first_.column(Column::tag_list) ||
         (first_.column(Column::tag) && first_.column(Column::weight)))) {
      first_.fail_as_header("no column is known to be the " + words_.item);
    }
    const bool pairs = size == 2 && sample_.kind_of(1).numbers + sample_.kind_of(1).truths == 0 &&
                       sample_.size() > 1;
    if (options_.format == TagsFormat::pairs || (options_.format == TagsFormat::detect && pairs)) {
      if (size < 2) {
        first_.fail("missing column: only " + counted(size, "field"));
      }
      find_pairs(1);
      layout_.guess = "no header: " + words_.item + " and " + words_.tag +
                      " are columns 1 and 2; " + layout_.guess;
      return;
    }
    find_dense();
  }

  // Names that nobody knows over rows of item, tag and perhaps weight: as a table's header they
  // would be tags.
  void refuse_unknown_header() const {
    if (options_.format != TagsFormat::detect || sample_.size() < 2) {
      return;
    }
    const std::size_t size = first_.size();
    const bool triplets = size == 3 && sample_.all_numbers(1, false) &&
                          sample_.all_numbers(2, true) && !parse_number(first_[2]);
    const bool pairs = size == 2 && sample_.all_numbers(0, true) && sample_.all_numbers(1, false) &&
                       !parse_number(first_[0]).has_value();
    if (triplets || pairs) {
      first_.fail_as_header("no column is known to be the " + words_.item);
    }
  }

  // The header names the tags. Beside them there may be titles and numbers of other things.
  void find_dense() {
    layout_.format = TagsFormat::dense;
    use_header();
    if (options_.format == TagsFormat::dense && options_.columns.item.empty()) {
      layout_.item = 0;
    }
    if (first_.size() < 2) {
      first_.fail("missing column: only 1 field, " + shorten(first_[0]) + ',');
    }
    std::string others;
    std::set<std::string_view> names;
    for (std::size_t k = 0; k < first_.size(); ++k) {
      if (k == layout_.item || (k == 0 && first_[k].empty())) {  // an index, as pandas writes it
        continue;
      }
      const TagColumnKind kind = sample_.kind_of(k);
      const bool is_tag = options_.format == TagsFormat::dense || sample_.size() == 1 ||
                          (!kind.is_text() && !kind.is_count() && !first_.is_something_else(k));
      if (!is_tag) {
        others += (others.empty() ? "" : ", ") + shorten(first_[k]);
        continue;
      }
      if (first_[k].empty()) {
        first_.fail("column " + std::to_string(k + 1) + " has no name");
      }
      if (!names.insert(first_[k]).second) {
        first_.fail("the " + words_.tag + ' ' + shorten(first_[k]) + " is named twice");
      }
      layout_.tags.push_back(k);
    }
    if (layout_.tags.empty()) {
      first_.fail("no column holds " + words_.weight + "s of a " + words_.tag);
    }
    if (!others.empty() && sample_.repeats(layout_.item)) {
      first_.fail_as_header(words_.item + "s have several rows, as no table of " + words_.tag +
                            "s has, but no column is known to be the " + words_.tag);
    }
    if (!others.empty()) {
      layout_.guess = "no " + words_.tag + "s are " + others +
                      ", by their names, or as they hold texts or numbers above 1";
    }
    layout_.read_as = "a table of " + counted(layout_.tags.size(), words_.tag.c_str()) + ", " +
                      words_.item + " = " + name_of(layout_.item);
  }

  std::string name_of(std::size_t column) const {
    return layout_.has_header ? shorten(first_[column]) : "column " + std::to_string(column + 1);
  }

  TagSample sample_;
  TagFirstRow first_;
  const ReadTagsOptions& options_;
  TagWords words_;
  TagLayout layout_;
};

}  // namespace

TagLayout tag_layout(const std::vector<TagRow>& rows, const ReadTagsOptions& options,
                     const std::string& delimiter, const std::string& file, std::uint64_t line) {
  return TagLayoutFinder(rows, options, delimiter, file, line).find();
}

TagColumns TagColumns::parse(std::string_view text) {
  TagColumns columns;
  parse_columns(text, "--tag-columns item=1,tag=genres",
                {{"item", &columns.item}, {"tag", &columns.tag}, {"weight", &columns.weight}});
  return columns;
}

}  // namespace balse
