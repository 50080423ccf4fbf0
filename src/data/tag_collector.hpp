#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "balse/data/bad_rows.hpp"
#include "balse/data/tags_reader.hpp"

#include "data/tag_builder.hpp"
#include "data/tag_words.hpp"

namespace balse {

/// Where the tags of all forms of files come together.
class TagCollector {
 public:
  /// Both must outlive it.
  TagCollector(const ReadTagsOptions& options, ReadTagsSummary& summary);

  const ReadTagsOptions& options() const { return options_; }
  const TagWords& words() const { return words_; }
  ReadTagsSummary& summary() { return summary_; }

  void begin_file(const std::string& path);
  const std::string& path() const { return path_; }
  void begin_row(std::uint64_t line) {
    ++summary_.rows;
    line_ = line;
  }
  void set_line(std::uint64_t line) { line_ = line; }

  /// Said once, however often it is added.
  void add_guess(const std::string& guess);
  void set_read_as(const std::string& text) { summary_.read_as = text; }

  /// An item may have no tags.
  std::uint32_t item(std::string_view id) { return tags_.items.insert(id); }
  bool has_item(std::string_view id) const { return tags_.items.find(id).has_value(); }
  std::uint32_t tag(std::string_view name);
  void add(std::uint32_t item, std::uint32_t tag, float weight) { builder_.add(item, tag, weight); }
  void add(std::string_view item_id, std::string_view name, float weight) {
    builder_.add(item(item_id), tag(name), weight);
  }

  /// A number from 0 to 1 times `unit`, or True or False; nothing where the row is rejected for its
  /// sake.
  std::optional<float> weight_of(std::string_view text, double unit = 1.0);
  void reject(const std::string& found, const std::string& expected, const std::string& hint);

  /// Divides the weights of every item by its largest, where there is one.
  void make_largest_one() { builder_.make_largest_one(); }

  Tags finish();

 private:
  const ReadTagsOptions& options_;
  TagWords words_;
  ReadTagsSummary& summary_;
  BadRows bad_rows_;
  std::string path_;
  std::string first_path_;
  std::uint64_t line_ = 0;
  IdIndex plain_names_;                // with spaces for underscores
  std::vector<std::string> spelling_;  // of each, as it came first
  Tags tags_;
  TagBuilder builder_;
};

/// Words that are no numbers but mean 1 or 0.
std::optional<bool> parse_truth(std::string_view text);

}  // namespace balse
