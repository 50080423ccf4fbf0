#include "data/tags_of_taggers.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "balse/data/delimited.hpp"
#include "balse/support/error.hpp"

#include "data/number.hpp"
#include "data/tag_text.hpp"

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kTagsOf = "Tags of ";

// ".png", in small letters.
std::string ending_of(const std::string& path) {
  const std::size_t dot = path.rfind('.');
  std::string ending = dot == std::string::npos ? "" : path.substr(dot);
  for (char& c : ending) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return ending;
}

// "(masterpiece:1.2)" is emphasis, "1girl: 0.98" a weight.
void add_prompt(std::uint32_t item, std::string_view text, TagCollector& tags) {
  const std::size_t colon = text.rfind(':');
  const std::string_view after = colon == std::string_view::npos ? "" : text.substr(colon + 1);
  if (text.size() > 4 && text.front() == '(' && text.back() == ')' && colon > 1 &&
      parse_number(after.substr(0, after.size() - 1))) {
    tags.add(item, tags.tag(clean_tag(text.substr(1, colon - 1))), 1.0F);
    return;
  }
  const auto weight = after.starts_with(' ') ? parse_number(after.substr(1)) : std::nullopt;
  if (weight && colon > 0 && *weight >= 0.0 && *weight <= 1.0) {
    tags.add(item, tags.tag(clean_tag(text.substr(0, colon))), static_cast<float>(*weight));
    return;
  }
  tags.add(item, tags.tag(text), 1.0F);
}

}  // namespace

bool looks_like_deepdanbooru(std::string_view head) {
  return head.starts_with(kTagsOf);
}

void read_deepdanbooru(InputFile& file, TagCollector& tags) {
  tags.set_read_as("DeepDanbooru's lists: Tags of POSTER:, then (WEIGHT) TAG");
  std::uint32_t item = 0;
  std::string_view line;
  while (file.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    if (line.starts_with(kTagsOf)) {
      line.remove_prefix(kTagsOf.size());
      if (line.ends_with(':')) {
        line.remove_suffix(1);
      }
      item = tags.item(stem_of(line));
      continue;
    }
    tags.begin_row(file.line_number());
    const std::size_t close = line.find(") ");
    const std::string name =
        close == std::string_view::npos ? "" : clean_tag(line.substr(close + 2));
    if (!line.starts_with('(') || name.empty()) {
      tags.reject("found " + shorten(line) + " among the tags of a poster", "(0.97) tag", {});
      continue;
    }
    if (const auto weight = tags.weight_of(line.substr(1, close - 1))) {
      tags.add(item, tags.tag(name), *weight);
    }
  }
}

bool is_sidecar(const std::string& path) {
  const std::string ending = ending_of(path);
  return ending == ".txt" || ending == ".caption" || ending == ".tags";
}

bool is_picture(const std::string& path) {
  constexpr std::array kPictures = {".jpg"sv, ".jpeg"sv, ".png"sv, ".webp"sv,
                                    ".gif"sv, ".bmp"sv,  ".avif"sv};
  return std::find(kPictures.begin(), kPictures.end(), ending_of(path)) != kPictures.end();
}

void read_sidecar(InputFile& file, TagCollector& tags) {
  tags.set_read_as("lists of tags beside the posters: the item is what the file is called");
  tags.add_guess("lists of tags, each of weight 1");
  const std::uint32_t item = tags.item(stem_of(file.path()));
  std::string_view line;
  while (file.next_line(line)) {
    if (is_blank(line)) {
      continue;
    }
    tags.begin_row(file.line_number());
    for (const std::string& tag : split_tags(line, ',')) {
      add_prompt(item, tag, tags);
    }
  }
}

}  // namespace balse
