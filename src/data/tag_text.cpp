#include "data/tag_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace balse {
namespace {

using namespace std::string_view_literals;

constexpr std::string_view kBlank = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

// "o_o", ">_<", "(o)_(o)": what has no word of two letters or digits before or after the mark.
bool is_face(std::string_view tag) {
  std::size_t run = 0;
  for (const char c : tag) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80;
    run = letter ? run + 1 : 0;
    if (run > 1) {
      return false;
    }
  }
  return true;
}

bool says_none(std::string_view list) {
  constexpr std::array kNone = {"(no genres listed)"sv,
                                R"(\N)"sv,
                                "Unknown"sv,
                                "UNKNOWN"sv,
                                "nan"sv,
                                "NaN"sv,
                                "None"sv,
                                "null"sv,
                                "N/A"sv,
                                "[]"sv,
                                "{}"sv,
                                "-"sv};
  return list.empty() || std::find(kNone.begin(), kNone.end(), list) != kNone.end();
}

}  // namespace

std::string clean_tag(std::string_view text) {
  text = trimmed(text);
  const bool face = is_face(text);
  std::string tag;
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '\\' && k + 1 < text.size() && (text[k + 1] == '(' || text[k + 1] == ')')) {
      continue;
    }
    tag += text[k] == '_' && !face ? ' ' : text[k];
  }
  return std::string(trimmed(tag));
}

namespace {

void add_tag(std::string_view text, std::vector<std::string>& tags) {
  std::string tag = clean_tag(text);
  if (!tag.empty() && std::find(tags.begin(), tags.end(), tag) == tags.end()) {
    tags.push_back(std::move(tag));
  }
}

// The texts in quotes of "['A, B', 'C']"; of "[{'id': 16, 'name': 'A'}]" those that are names.
std::vector<std::string> quoted_tags(std::string_view list) {
  std::vector<std::string> tags;
  const bool objects = list.find('{') != std::string_view::npos;
  std::string_view before;  // the text in quotes before this one
  for (std::size_t k = 0; k < list.size(); ++k) {
    const char quote = list[k];
    if (quote != '\'' && quote != '"') {
      continue;
    }
    const std::size_t begin = k + 1;
    std::size_t end = begin;
    while (end < list.size() && list[end] != quote) {
      end += list[end] == '\\' ? 2 : 1;
    }
    const std::string_view text = list.substr(begin, std::min(end, list.size()) - begin);
    const std::size_t after = list.find_first_not_of(' ', std::min(end + 1, list.size()));
    const bool is_key = objects && after != std::string_view::npos && list[after] == ':';
    if (!is_key && (!objects || before == "name")) {
      add_tag(text, tags);
    }
    before = is_key ? text : std::string_view();
    k = end;
  }
  return tags;
}

}  // namespace

std::vector<std::string> split_tags(std::string_view list, char separator) {
  std::vector<std::string> tags;
  list = trimmed(list);
  if (says_none(list)) {
    return tags;
  }
  const bool brackets = list.size() >= 2 && list.front() == '[' && list.back() == ']';
  const bool braces = list.size() >= 2 && list.front() == '{' && list.back() == '}';
  if (brackets && list.find_first_of("'\"") != std::string_view::npos) {
    return quoted_tags(list);
  }
  if (brackets || braces) {  // as PostgreSQL writes them
    list = list.substr(1, list.size() - 2);
    separator = ',';
  }
  while (true) {
    const std::size_t end = std::min(list.find(separator), list.size());
    std::string_view part = trimmed(list.substr(0, end));
    if (part.size() >= 2 && part.front() == '"' && part.back() == '"') {
      part = part.substr(1, part.size() - 2);
    }
    add_tag(part, tags);
    if (end == list.size()) {
      return tags;
    }
    list.remove_prefix(end + 1);
  }
}

char tag_separator(const std::vector<std::string>& lists) {
  for (const char separator : {'|', ',', ';'}) {
    if (std::any_of(lists.begin(), lists.end(), [separator](const std::string& list) {
          return list.find(separator) != std::string::npos;
        })) {
      return separator;
    }
  }
  const bool slashes = std::any_of(lists.begin(), lists.end(), [](const std::string& list) {
    return list.find(" / ") != std::string::npos;
  });
  return slashes ? '/' : ',';
}

std::string_view stem_of(std::string_view file) {
  const std::size_t slash = file.find_last_of("/\\");
  if (slash != std::string_view::npos) {
    file.remove_prefix(slash + 1);
  }
  const auto without_ending = [](std::string_view name) {
    const std::size_t dot = name.rfind('.');
    return dot == std::string_view::npos || dot == 0 ? name : name.substr(0, dot);
  };
  const std::string_view stem = without_ending(file);
  // "20.jpg.txt" is beside "20.jpg".
  const bool twice = file.ends_with(".txt") && (stem.ends_with(".jpg") || stem.ends_with(".png") ||
                                                stem.ends_with(".jpeg") || stem.ends_with(".webp"));
  return twice ? without_ending(stem) : stem;
}

}  // namespace balse
