#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// Illustration2Vec's kinds of tags.
enum class TagCategory : std::uint8_t { general, character, copyright, rating };
inline constexpr std::array<TagCategory, 4> kTagCategories = {
    TagCategory::general, TagCategory::character, TagCategory::copyright, TagCategory::rating};
std::string_view name_of(TagCategory category);

/// What a tagger's outputs mean, in their order.
struct TagList {
  std::vector<std::string> names;
  std::vector<TagCategory> categories;  ///< as many

  std::size_t size() const { return names.size(); }
};

/// Reads a JSON list whose elements are names or {"name": ..., "category": ...}. In a list of 1,539
/// bare names, the length of Illustration2Vec's, the first 512 are general, then come 512
/// characters, 512 copyrights and 3 ratings; in any other, all are general. Throws Error(bad_data)
/// for anything else, and for a name that is empty, has control characters, or occurs twice.
TagList read_tag_list(const std::string& path);

/// The same from and to text; `path` is for messages.
TagList parse_tag_list(std::string_view json, const std::string& path);
std::string to_json(const TagList& tags);

}  // namespace balse
