#include "balse/tagging/tag_list.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>

#include <nlohmann/json.hpp>

#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"

#include "tagging/tag_list_builder.hpp"

namespace balse {
namespace {

constexpr std::size_t kIllustration2VecTags = 1539;
constexpr std::size_t kOfACategory = 512;
constexpr std::size_t kLongestFile = std::size_t{64} << 20;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

TagCategory category_of(const nlohmann::json& entry, const std::string& path) {
  const auto found = entry.find("category");
  if (found == entry.end()) {
    return TagCategory::general;
  }
  if (found->is_string()) {
    if (const auto category = category_named(found->get_ref<const std::string&>())) {
      return *category;
    }
  }
  refuse_tag_list(path, "a tag of the category " + shorten(found->dump()));
}

/// A category as taggers' files name it; series are what Danbooru calls copyrights.
TagCategory foreign_category(const nlohmann::json& name) {
  if (name.is_number_integer()) {
    return numbered_category(name.dump());
  }
  if (!name.is_string()) {
    return name.is_null() ? TagCategory::general : TagCategory::other;
  }
  const auto& text = name.get_ref<const std::string&>();
  return text == "series" ? TagCategory::copyright
                          : category_named(text).value_or(TagCategory::other);
}

/// The object that has a member `name`, here or in the objects within; nothing where none has.
const nlohmann::json* holder_of(const nlohmann::json& json, const char* name, int depth = 4) {
  if (!json.is_object()) {
    return nullptr;
  }
  if (json.contains(name)) {
    return &json;
  }
  for (const nlohmann::json& member : json) {
    const auto* const found = depth > 0 ? holder_of(member, name, depth - 1) : nullptr;
    if (found != nullptr) {
      return found;
    }
  }
  return nullptr;
}

/// Members "0", "1", ... as their outputs' numbers say.
std::vector<const nlohmann::json*> by_output(const nlohmann::json& mapping,
                                             const std::string& path) {
  std::vector<const nlohmann::json*> outputs(mapping.size(), nullptr);
  for (const auto& [key, value] : mapping.items()) {
    std::size_t output = 0;
    const auto [stop, error] = std::from_chars(key.data(), key.data() + key.size(), output);
    if (error != std::errc() || stop != key.data() + key.size() || output >= outputs.size()) {
      refuse_tag_list(path,
                      "an output called " + shorten(key) + " of " + std::to_string(outputs.size()));
    }
    outputs[output] = &value;
  }
  return outputs;
}

/// {"0": {"tag": ..., "category": ...}} or {"idx_to_tag": {"0": ...}, "tag_to_category": {...}}.
TagList from_mapping(const nlohmann::json& json, const std::string& path) {
  const nlohmann::json* const holder = holder_of(json, "idx_to_tag");
  const nlohmann::json& mapping = holder != nullptr ? (*holder)["idx_to_tag"] : json;
  const nlohmann::json* categories = nullptr;
  if (holder != nullptr && holder->contains("tag_to_category")) {
    categories = &(*holder)["tag_to_category"];
  }
  if (!mapping.is_object() || mapping.empty()) {
    refuse_tag_list(path, "no list of tags");
  }
  TagListBuilder builder(path);
  for (const nlohmann::json* const entry : by_output(mapping, path)) {
    if (entry == nullptr) {
      refuse_tag_list(path, "an output twice");
    }
    if (entry->is_object() && entry->contains("tag") && (*entry)["tag"].is_string()) {
      builder.add_of_category((*entry)["tag"].get_ref<const std::string&>(),
                              foreign_category(entry->value("category", nlohmann::json())));
    } else if (entry->is_string()) {
      const auto& name = entry->get_ref<const std::string&>();
      const bool has_category =
          categories != nullptr && categories->is_object() && categories->contains(name);
      builder.add_of_category(
          name, has_category ? foreign_category((*categories)[name]) : TagCategory::general);
    } else {
      refuse_tag_list(path, "the entry " + shorten(entry->dump()));
    }
  }
  return builder.take();
}

}  // namespace

void refuse_tag_list(const std::string& path, const std::string& found) {
  throw Error(ErrorKind::bad_data,
              {.file = path,
               .found = found,
               .expected = "the tag names in the order of the network's outputs: a JSON list such "
                           "as Illustration2Vec's tag_list.json, selected_tags.csv, "
                           "tag_mapping.json, or a name a line"});
}

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
    case TagCategory::artist:
      return "artist";
    case TagCategory::meta:
      return "meta";
    case TagCategory::quality:
      return "quality";
    case TagCategory::model:
      return "model";
    case TagCategory::year:
      return "year";
    case TagCategory::other:
      return "other";
  }
  return "";
}

std::optional<TagCategory> category_named(std::string_view name) {
  const auto same = [&](TagCategory category) {
    const std::string_view wanted = name_of(category);
    return std::equal(name.begin(), name.end(), wanted.begin(), wanted.end(), [](char a, char b) {
      return a == b || (a >= 'A' && a <= 'Z' && a + 32 == b);
    });
  };
  const auto* const found = std::find_if(kTagCategories.begin(), kTagCategories.end(), same);
  return found != kTagCategories.end() ? std::optional(*found) : std::nullopt;
}

TagList parse_tag_list(std::string_view text, const std::string& path) {
  if (text.size() > kLongestFile || json_deeper_than(text, 8)) {
    refuse_tag_list(path, "no list of tags");
  }
  const auto json = nlohmann::json::parse(text, nullptr, /*allow_exceptions=*/false);
  if (json.is_object()) {
    return from_mapping(json, path);
  }
  if (!json.is_array() || json.empty()) {
    refuse_tag_list(path, json.is_discarded() ? "no JSON" : "no list of tags");
  }
  TagListBuilder builder(path);
  bool bare = true;
  for (const nlohmann::json& entry : json) {
    const bool object = entry.is_object() && entry.contains("name") && entry["name"].is_string();
    if (!object && !entry.is_string()) {
      refuse_tag_list(path, "the entry " + shorten(entry.dump()));
    }
    bare = bare && !object;
    builder.add((object ? entry["name"] : entry).get_ref<const std::string&>(),
                object ? category_of(entry, path) : TagCategory::general);
  }
  TagList tags = builder.take();
  if (bare && tags.size() == kIllustration2VecTags) {
    for (std::size_t tag = 0; tag < tags.size(); ++tag) {
      tags.categories[tag] = kTagCategories[tag / kOfACategory];
    }
  }
  return tags;
}

TagList read_tag_list(const std::string& path) {
  const MappedFile file(path);
  if (file.bytes().size() > kLongestFile) {
    refuse_tag_list(path, "a file of " + std::to_string(file.bytes().size() >> 20) + " MB");
  }
  std::string_view text(reinterpret_cast<const char*>(file.bytes().data()), file.bytes().size());
  text.remove_prefix(text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos || text[first] == '[' || text[first] == '{') {
    return parse_tag_list(text, path);
  }
  const std::string_view line = text.substr(0, text.find('\n'));
  return line.find(',') != std::string_view::npos ? parse_tag_table(text, path)
                                                  : parse_tag_lines(text, path);
}

std::string to_json(const TagList& tags) {
  nlohmann::json json = nlohmann::json::array();
  for (std::size_t tag = 0; tag < tags.size(); ++tag) {
    json.push_back({{"name", tags.names[tag]}, {"category", name_of(tags.categories[tag])}});
  }
  return json.dump();
}

}  // namespace balse
