#include "data/tags_json.hpp"

#include <algorithm>
#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "balse/data/column_names.hpp"
#include "balse/data/json_depth.hpp"
#include "balse/support/error.hpp"

#include "data/json_stream.hpp"
#include "data/tag_text.hpp"

namespace balse {
namespace {

using TagJson = nlohmann::ordered_json;

constexpr int kDeepestTags = 100;
constexpr std::size_t kLargestDocument = std::size_t{512} << 20;

std::string scalar_text(const TagJson& value) {
  return value.is_string() ? value.get<std::string>() : value.dump();
}

class JsonTags {
 public:
  explicit JsonTags(TagCollector& tags) : tags_(tags) {}

  /// Whether there was an item in it.
  bool visit(const TagJson& value) {
    bool found = false;
    if (value.is_object()) {
      found = take(value);
    }
    if (value.is_array() || (value.is_object() && !found)) {
      for (const auto& inner : value) {
        if (inner.is_structured()) {
          found = visit(inner) || found;
        }
      }
    }
    return found;
  }

  /// The same of {"20.jpg": {"1girl": 0.9}, "24": ["sky"]}, whose keys are the items.
  bool visit_map(const TagJson& value) {
    const auto is_tags = [](const TagJson& of) {
      const auto fits = [&of](const TagJson& tag) {
        return of.is_array() ? tag.is_string() : tag.is_number();
      };
      return of.is_structured() && std::all_of(of.begin(), of.end(), fits);
    };
    if (!value.is_object() || value.empty() || !std::all_of(value.begin(), value.end(), is_tags)) {
      return false;
    }
    tags_.add_guess("the keys are taken for the items");
    for (const auto& [key, tags] : value.items()) {
      add_all(tags_.item(stem_of(key)), tags);
    }
    return true;
  }

 private:
  static bool is_list(const std::string& key, const TagJson& value) {
    return (value.is_structured() || value.is_string()) && column_rank(key, Column::tag_list);
  }

  // By what is clearest: "item", "anime_id", then "id".
  static std::string item_of(const TagJson& object) {
    std::string plain;
    for (const auto& [key, value] : object.items()) {
      if (value.is_structured() || value.is_null() || value.is_boolean()) {
        continue;
      }
      if (column_rank(key, Column::item)) {
        return scalar_text(value);
      }
      if (column_rank(key, Column::file) && value.is_string()) {
        plain = stem_of(value.get_ref<const std::string&>());
      } else if (plain.empty() && (key == "id" || key == "mal_id")) {
        plain = scalar_text(value);
      }
    }
    return plain;
  }

  bool take(const TagJson& object) {
    bool has_tags = false;
    for (const auto& [key, value] : object.items()) {
      has_tags = has_tags || is_list(key, value);
    }
    const std::string item = has_tags ? item_of(object) : std::string();
    if (item.empty()) {
      return false;
    }
    const std::uint32_t index = tags_.item(item);
    for (const auto& [key, value] : object.items()) {
      if (is_list(key, value) && value.is_string()) {
        const auto& list = value.get_ref<const std::string&>();
        for (const std::string& tag : split_tags(list, tag_separator({list}))) {
          tags_.add(index, tags_.tag(tag), 1.0F);
        }
      } else if (is_list(key, value)) {
        add_all(index, value);
      }
    }
    return true;
  }

  void add_all(std::uint32_t item, const TagJson& list) {
    if (list.is_array()) {
      for (const auto& tag : list) {
        add_element(item, tag);
      }
      return;
    }
    for (const auto& [name, value] : list.items()) {
      if (value.is_structured()) {
        add_all(item, value);  // {"general": {"1girl": 0.9}, "character": {...}}
      } else {
        add(item, name, scalar_text(value), 1.0);
      }
    }
  }

  void add_element(std::uint32_t item, const TagJson& tag) {
    if (tag.is_string()) {
      add(item, tag.get<std::string>(), "1", 1.0);
      return;
    }
    if (!tag.is_object() || !tag.contains("name") || !tag["name"].is_string()) {
      tags_.reject("found " + shorten(tag.dump()) + " as a tag", "a name, or an object with one",
                   {});
      return;
    }
    for (const auto& [key, value] : tag.items()) {
      if (!value.is_number()) {
        continue;
      }
      if (column_rank(key, Column::rank)) {
        add(item, tag["name"].get<std::string>(), scalar_text(value), 100.0);
        return;
      }
      if (column_rank(key, Column::weight)) {
        add(item, tag["name"].get<std::string>(), scalar_text(value), 1.0);
        return;
      }
    }
    add(item, tag["name"].get<std::string>(), "1", 1.0);
  }

  void add(std::uint32_t item, const std::string& name, const std::string& weight, double unit) {
    const std::string tag = clean_tag(name);
    if (tag.empty()) {
      return;
    }
    if (const auto number = tags_.weight_of(weight, unit)) {
      if (unit != 1.0) {
        tags_.add_guess("ranks from 0 to 100 become weights from 0 to 1");
      }
      tags_.add(item, tags_.tag(tag), *number);
    }
  }

  TagCollector& tags_;
};

[[noreturn]] void fail_json_tags(const std::string& file, std::uint64_t line,
                                 const std::string& found) {
  throw Error(ErrorKind::bad_data,
              {.file = file,
               .line = line,
               .found = found,
               .expected = R"(objects as {"item": "20", "tags": ["sword", ...]})"});
}

void read_tag_lines(InputFile& file, TagCollector& tags) {
  JsonTags reader(tags);
  bool first = true;
  std::string_view line;
  while (file.next_line(line)) {
    if (line.find_first_not_of(" \t") == std::string_view::npos) {
      continue;
    }
    tags.begin_row(file.line_number());
    const TagJson value = json_deeper_than(line, kDeepestTags)
                              ? TagJson(TagJson::value_t::discarded)
                              : TagJson::parse(line, nullptr, false);
    if (value.is_discarded()) {
      tags.reject("no JSON in " + shorten(line), {}, {});
    } else if (!reader.visit(value) && !reader.visit_map(value)) {
      if (first) {
        fail_json_tags(file.path(), file.line_number(), "JSON without an item and its tags");
      }
      tags.reject("no item and its tags in " + shorten(line), {}, {});
    }
    first = false;
  }
}

void read_tag_document(InputFile& file, TagCollector& tags) {
  std::string text;
  std::string_view chunk;
  while (file.next_chunk(chunk)) {
    text += chunk;
    if (text.size() > kLargestDocument) {
      fail_json_tags(file.path(), 0, "a JSON document of more than 512 MiB");
    }
  }
  if (json_deeper_than(text, kDeepestTags)) {
    fail_json_tags(file.path(), 0, "JSON nested more than 100 deep");
  }
  const TagJson value = TagJson::parse(text, nullptr, false);
  if (value.is_discarded()) {
    fail_json_tags(file.path(), 0, "JSON that cannot be read");
  }
  tags.begin_row(0);
  if (JsonTags reader(tags); !reader.visit(value) && !reader.visit_map(value)) {
    fail_json_tags(file.path(), 0, "JSON without an item and its tags");
  }
}

}  // namespace

void read_json_tags(InputFile& file, TagCollector& tags) {
  tags.set_read_as("JSON: items with their tags");
  if (looks_like_json_lines(file.head())) {
    read_tag_lines(file, tags);
  } else {
    read_tag_document(file, tags);
  }
}

}  // namespace balse
