#include "data/tags_json.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "balse/data/column_names.hpp"
#include "balse/support/error.hpp"

#include "data/json_pieces.hpp"
#include "data/tag_text.hpp"

namespace balse {
namespace {

class JsonTags {
 public:
  explicit JsonTags(TagCollector& tags) : tags_(tags) {}

  /// Whether there was an item in it.
  bool visit(const JsonTree& value) {
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
  bool visit_map(const JsonTree& value) {
    const auto is_tags = [](const JsonTree& of) {
      const auto fits = [&of](const JsonTree& tag) {
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
  static bool is_list(const std::string& key, const JsonTree& value) {
    return ((value.is_structured() || value.is_string()) && column_rank(key, Column::tag_list)) ||
           is_category(key, value);
  }

  /// As in {"item": "42", "general": {"1girl": 0.9}, "character": {...}}, which balse tag writes.
  static bool is_category(const std::string& key, const JsonTree& value) {
    constexpr std::string_view kCategories[] = {"general", "character", "copyright", "rating",
                                                "artist",  "meta",      "quality",   "model",
                                                "year",    "other"};
    return value.is_object() && !value.empty() &&
           std::find(std::begin(kCategories), std::end(kCategories), key) !=
               std::end(kCategories) &&
           std::all_of(value.begin(), value.end(),
                       [](const JsonTree& weight) { return weight.is_number(); });
  }

  // By what is clearest: "item", "anime_id", then "id".
  static std::string item_of(const JsonTree& object) {
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
      } else if (plain.empty() && is_plain_id(key)) {
        plain = scalar_text(value);
      }
    }
    return plain;
  }

  bool take(const JsonTree& object) {
    bool has_tags = false;
    for (const auto& [key, value] : object.items()) {
      has_tags = has_tags || is_list(key, value);
    }
    const std::string item = has_tags ? item_of(object) : std::string();
    if (item.empty()) {
      // Of a poster without tags balse tag says its item and no more.
      return object.size() == 1 && object.begin().key() == "item" &&
             !object.begin().value().is_structured();
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

  void add_all(std::uint32_t item, const JsonTree& list) {
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

  void add_element(std::uint32_t item, const JsonTree& tag) {
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

}  // namespace

void read_json_tags(InputFile& file, TagCollector& tags) {
  tags.set_read_as("JSON: items with their tags");
  JsonTags reader(tags);
  bool first = true;  // where it is not understood no other is, and a document is the first
  read_json_pieces(file, [&](const JsonPiece& piece) {
    tags.begin_row(piece.line);
    const bool is_json = !piece.value.is_discarded();
    if (!is_json || !(reader.visit(piece.value) || reader.visit_map(piece.value))) {
      if (first) {
        fail_json_tags(file.path(), piece.line,
                       is_json ? "JSON without an item and its tags" : "JSON that cannot be read");
      }
      tags.reject((is_json ? "no item and its tags in " : "no JSON in ") + shorten(piece.text), {},
                  {});
    }
    first = false;
  });
}

}  // namespace balse
