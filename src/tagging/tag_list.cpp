#include "balse/tagging/tag_list.hpp"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

#include "balse/data/id_index.hpp"
#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"
#include "balse/support/utf8.hpp"

namespace balse {
namespace {

constexpr std::size_t kIllustration2VecTags = 1539;
constexpr std::size_t kOfACategory = 512;
constexpr std::size_t kLongestFile = std::size_t{64} << 20;
constexpr const char* kExpected =
    "a JSON list of tag names in the order of the network's outputs, such as "
    "Illustration2Vec's tag_list.json";

[[noreturn]] void refuse_list(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data, {.file = path, .found = found, .expected = kExpected});
}

TagCategory category_of(const nlohmann::json& entry, const std::string& path) {
  const auto found = entry.find("category");
  if (found == entry.end()) {
    return TagCategory::general;
  }
  for (const TagCategory category : kTagCategories) {
    if (found->is_string() && found->get_ref<const std::string&>() == name_of(category)) {
      return category;
    }
  }
  refuse_list(path, "a tag of the category " + shorten(found->dump()));
}

}  // namespace

std::string_view name_of(TagCategory category) {
  switch (category) {
    case TagCategory::general:
      return "general";
    case TagCategory::character:
      return "character";
    case TagCategory::copyright:
      return "copyright";
    case TagCategory::rating:
      return "rating";
  }
  return "";
}

TagList parse_tag_list(std::string_view text, const std::string& path) {
  if (text.size() > kLongestFile || json_deeper_than(text, 4)) {
    refuse_list(path, "no list of tags");
  }
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (!json.is_array() || json.empty()) {
    refuse_list(path, json.is_discarded() ? "no JSON" : "no list of tags");
  }
  TagList tags;
  IdIndex distinct;
  bool bare = true;
  for (const nlohmann::json& entry : json) {
    const bool object = entry.is_object() && entry.contains("name") && entry["name"].is_string();
    if (!object && !entry.is_string()) {
      refuse_list(path, "the entry " + shorten(entry.dump()));
    }
    bare = bare && !object;
    const auto& name = (object ? entry["name"] : entry).get_ref<const std::string&>();
    if (name.empty() || has_control_character(name) ||
        find_invalid_utf8(name) != std::string::npos) {
      refuse_list(path, "the tag name " + shorten(name));
    }
    if (distinct.insert(name) != tags.size()) {
      refuse_list(path, "the tag " + shorten(name) + " twice");
    }
    tags.names.push_back(name);
    tags.categories.push_back(object ? category_of(entry, path) : TagCategory::general);
  }
  if (bare && tags.size() == kIllustration2VecTags) {
    for (std::size_t tag = 0; tag < tags.size(); ++tag) {
      tags.categories[tag] = kTagCategories[tag / kOfACategory];
    }
  }
  return tags;
}

TagList read_tag_list(const std::string& path) {
  const MappedFile file(path);
  return parse_tag_list({reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size()},
                        path);
}

std::string to_json(const TagList& tags) {
  nlohmann::json json = nlohmann::json::array();
  for (std::size_t tag = 0; tag < tags.size(); ++tag) {
    json.push_back({{"name", tags.names[tag]}, {"category", name_of(tags.categories[tag])}});
  }
  return json.dump();
}

}  // namespace balse
