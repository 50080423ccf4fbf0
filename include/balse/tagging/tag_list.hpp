#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace balse {

/// Kinds of tags: Illustration2Vec's four, and those of today's taggers (Danbooru's, and camie's
/// and cl_tagger's own). other: whatever else a list calls them.
enum class TagCategory : std::uint8_t {
  general,
  character,
  copyright,
  rating,
  artist,
  meta,
  quality,
  model,
  year,
  other
};
inline constexpr std::array<TagCategory, 10> kTagCategories = {
    TagCategory::general, TagCategory::character, TagCategory::copyright, TagCategory::rating,
    TagCategory::artist,  TagCategory::meta,      TagCategory::quality,   TagCategory::model,
    TagCategory::year,    TagCategory::other};
std::string_view name_of(TagCategory category);
/// Nothing where there is none of this name, in lower case or not.
std::optional<TagCategory> category_named(std::string_view name);

/// What a tagger's outputs mean, in their order.
struct TagList {
  std::vector<std::string> names;
  std::vector<TagCategory> categories;  ///< as many

  std::size_t size() const { return names.size(); }
};

/// Reads what taggers have beside them, told by content:
/// - a JSON list of names or {"name": ..., "category": ...}. In a list of 1,539 bare names, the
///   length of Illustration2Vec's, the first 512 are general, then come 512 characters, 512
///   copyrights and 3 ratings; in any other, all are general;
/// - selected_tags.csv: a header with name and category (or a number of Danbooru's: 0 general, 1
///   artist, 3 copyright, 4 character, 5 meta, 9 rating), a row for each output;
/// - tag_mapping.json: {"0": {"tag": ..., "category": ...}, ...}; or idx_to_tag and
/// tag_to_category,
///   at the top or deeper, as in camie-tagger's metadata;
/// - top_tags.txt: a name a line.
/// Throws Error(bad_data) for anything else, for a name that is empty or has control characters,
/// and for one that occurs twice in a category; of another category it is told apart as "name
/// (category)".
TagList read_tag_list(const std::string& path);

/// The JSON forms from and to text; `path` is for messages.
TagList parse_tag_list(std::string_view json, const std::string& path);
std::string to_json(const TagList& tags);

}  // namespace balse
