#include "balse/tagging/tag_selection.hpp"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <unordered_map>

#include "balse/data/row_text.hpp"
#include "balse/support/error.hpp"

namespace balse {
namespace {

[[noreturn]] void refuse_threshold(std::string_view text) {
  throw Error(ErrorKind::usage,
              {.found = "the threshold " + shorten(std::string(text)),
               .expected = "a number from 0 to 1, mcut, or one of these a category, as in "
                           "general=0.35,character=0.85"});
}

TagThreshold parse_threshold(std::string_view text, TagCategory category) {
  constexpr double kLeastOfCharacters = 0.15;
  if (text == "mcut") {
    return {.least = category == TagCategory::character ? kLeastOfCharacters : 0.0, .mcut = true};
  }
  double value = -1.0;
  const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || stop != text.data() + text.size() || !(value >= 0.0) ||
      !(value <= 1.0)) {
    refuse_threshold(text);
  }
  return {.least = value, .mcut = false};
}

std::string threshold_text(const TagThreshold& threshold) {
  if (threshold.mcut) {
    return "mcut";
  }
  char text[32];
  std::snprintf(text, sizeof text, "%g", threshold.least);
  return text;
}

std::string spaced(std::string_view name) {
  std::string text(name);
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace

bool TagThresholds::uses_mcut() const {
  return std::any_of(of.begin(), of.end(), [](const TagThreshold& t) { return t.mcut; });
}

std::vector<TagCategory> set_thresholds(TagThresholds& thresholds, std::string_view text) {
  if (text.find('=') == std::string_view::npos) {
    for (const TagCategory category : kTagCategories) {
      thresholds[category] = parse_threshold(text, category);
    }
    return {kTagCategories.begin(), kTagCategories.end()};
  }
  std::vector<TagCategory> named;
  while (!text.empty()) {
    const std::string_view part = text.substr(0, text.find(','));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    const std::size_t equals = part.find('=');
    const auto category = category_named(part.substr(0, equals));
    if (equals == std::string_view::npos || !category) {
      refuse_threshold(part);
    }
    thresholds[*category] = parse_threshold(part.substr(equals + 1), *category);
    named.push_back(*category);
  }
  return named;
}

std::string describe(const TagThresholds& thresholds, std::span<const TagCategory> categories) {
  const bool same = std::all_of(categories.begin(), categories.end(), [&](TagCategory category) {
    return thresholds[category] == thresholds[categories.front()];
  });
  if (same && !categories.empty()) {
    return threshold_text(thresholds[categories.front()]);
  }
  std::string text;
  for (const TagCategory category : categories) {
    text += (text.empty() ? "" : ", ") + std::string(name_of(category)) + " " +
            threshold_text(thresholds[category]);
  }
  return text;
}

bool TagSelection::has(TagCategory category) const {
  return std::find(categories.begin(), categories.end(), category) != categories.end();
}

std::vector<bool> tags_named(const TagList& tags, std::span<const std::string> names,
                             std::vector<std::string>& unknown) {
  std::unordered_map<std::string, std::size_t> places;
  for (std::size_t tag = 0; tag < tags.size(); ++tag) {
    places.emplace(spaced(tags.names[tag]), tag);
  }
  std::vector<bool> flags(tags.size(), false);
  for (const std::string& name : names) {
    if (const auto found = places.find(spaced(name)); found != places.end()) {
      flags[found->second] = true;
    } else {
      unknown.push_back(name);
    }
  }
  return flags;
}

}  // namespace balse
