#pragma once

#include <string>
#include <string_view>

#include "balse/data/id_index.hpp"
#include "balse/tagging/tag_list.hpp"

namespace balse {

/// What a list of tags is where it is none of the forms that are known: Error(bad_data).
[[noreturn]] void refuse_tag_list(const std::string& path, const std::string& found);

/// Takes the names of a list in their order and checks them.
class TagListBuilder {
 public:
  explicit TagListBuilder(std::string path) : path_(std::move(path)) {}

  /// Throws Error(bad_data) for a name that is empty or has control characters, or is there
  /// already.
  void add(std::string_view name, TagCategory category);
  /// The same, but a name that another category has already is told apart by its category.
  void add_of_category(std::string_view name, TagCategory category);

  std::size_t size() const { return tags_.size(); }
  TagList take() { return std::move(tags_); }

 private:
  std::string path_;
  TagList tags_;
  IdIndex distinct_;
};

/// A category by Danbooru's number, and 9, by which WD taggers mean ratings; or by its name.
TagCategory numbered_category(std::string_view text);

/// selected_tags.csv; see read_tag_list().
TagList parse_tag_table(std::string_view text, const std::string& path);
/// A name a line.
TagList parse_tag_lines(std::string_view text, const std::string& path);

}  // namespace balse
