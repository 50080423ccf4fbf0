// Which posters and which of their tags balse tag is to write.

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <spdlog/spdlog.h>

#include "balse/data/row_text.hpp"
#include "balse/support/error.hpp"
#include "balse/support/mapped_file.hpp"

#include "tag_command_options.hpp"

namespace balse::cli {
namespace {

/// "2/8" as 2 and 8; 1 and 1 of nothing.
std::pair<std::uint64_t, std::uint64_t> shard_of(const std::string& text) {
  std::uint64_t part = 1;
  std::uint64_t count = 1;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, part);
  const bool has_slash = first.ec == std::errc() && first.ptr != end && *first.ptr == '/';
  const auto second = has_slash ? std::from_chars(first.ptr + 1, end, count) : first;
  constexpr std::uint64_t kMost = 1'000'000;
  if (!text.empty() && (!has_slash || second.ec != std::errc() || second.ptr != end || part == 0 ||
                        part > count || count > kMost)) {
    throw Error(ErrorKind::usage, {.found = "--shard " + shorten(text),
                                   .expected = "a part and how many there are, as in 2/8"});
  }
  return {part, count};
}

}  // namespace

std::vector<TagCategory> TagCommandOptions::categories(
    const std::vector<TagCategory>& with_threshold) const {
  const bool named = !with_threshold.empty() && with_threshold.size() < kTagCategories.size();
  std::vector<TagCategory> chosen;
  if (category.empty()) {
    return named ? with_threshold : std::vector{TagCategory::general};
  }
  if (category == "all") {
    return {kTagCategories.begin(), kTagCategories.end()};
  }
  for (const std::string& name : CLI::detail::split(category, ',')) {
    const auto found = category_named(CLI::detail::trim_copy(name));
    if (!found) {
      std::string known;
      for (const TagCategory one : kTagCategories) {
        known += std::string(name_of(one)) + ", ";
      }
      throw Error(ErrorKind::usage, {.found = "--category " + shorten(name),
                                     .expected = known + "several between commas, or all"});
    }
    if (std::find(chosen.begin(), chosen.end(), *found) == chosen.end()) {
      chosen.push_back(*found);
    }
  }
  for (const TagCategory one : named ? with_threshold : std::vector<TagCategory>()) {
    if (std::find(chosen.begin(), chosen.end(), one) == chosen.end()) {
      throw Error(ErrorKind::usage,
                  {.found = "--threshold of the category " + std::string(name_of(one)) +
                            ", which --category " + category + " leaves out",
                   .hint = "--category with both, or without it"});
    }
  }
  return chosen;
}

std::vector<std::string> TagCommandOptions::excluded_names() const {
  std::vector<std::string> names;
  const auto add = [&names](const std::string& name) {
    if (const std::string trimmed = CLI::detail::trim_copy(name); !trimmed.empty()) {
      names.push_back(trimmed);
    }
  };
  for (const std::string& value : excluded) {
    if (value.front() == '@') {
      const MappedFile file(value.substr(1));
      const std::string text(reinterpret_cast<const char*>(file.bytes().data()),
                             file.bytes().size());
      for (const std::string& line : CLI::detail::split(text, '\n')) {
        add(line);
      }
    } else {
      for (const std::string& name : CLI::detail::split(value, ',')) {
        add(name);
      }
    }
  }
  return names;
}

TagSelection TagCommandOptions::selection(const Tagger& opened) const {
  TagSelection selection{.thresholds = opened.description.thresholds};
  std::vector<TagCategory> with_threshold;
  if (!threshold.empty()) {
    with_threshold = set_thresholds(selection.thresholds, threshold);
  }
  selection.categories = categories(with_threshold);
  if (const std::vector<std::string> names = excluded_names(); !names.empty()) {
    std::vector<std::string> unknown;
    selection.excluded = tags_named(opened.tags, names, unknown);
    if (!unknown.empty()) {
      spdlog::warn("--exclude-tags: the tagger has no {} ({})",
                   unknown.size() == 1 ? "such tag" : "such tags",
                   shorten(CLI::detail::join(unknown, ", ")));
    }
  }
  return selection;
}

std::string TagCommandOptions::selection_text(const TagSelection& selection) const {
  const auto exact = [](const TagThreshold& one) {
    return exact_text(one.least) + (one.mcut ? " mcut" : "");
  };
  // One threshold and one category as in files of before there could be more.
  const auto& of = selection.thresholds.of;
  std::string text = exact(of.front());
  if (std::any_of(of.begin(), of.end(),
                  [&](const TagThreshold& t) { return !(t == of.front()); })) {
    for (std::size_t k = 1; k < of.size(); ++k) {
      text += "," + exact(of[k]);
    }
  }
  text += " ";
  if (selection.categories.size() == kTagCategories.size()) {
    text += "-1";
  } else {
    for (std::size_t k = 0; k < selection.categories.size(); ++k) {
      text += (k > 0 ? "," : "") + std::to_string(static_cast<int>(selection.categories[k]));
    }
  }
  std::string without;
  for (std::size_t tag = 0; tag < selection.excluded.size(); ++tag) {
    without += selection.excluded[tag] ? " " + std::to_string(tag) : "";
  }
  return text + (without.empty() ? "" : " without" + without);
}

void TagCommandOptions::keep_shard(PosterList& list) const {
  const auto [part, count] = shard_of(shard);
  const auto is_of_another = [part = part, count = count](const auto& poster) {
    // FNV-1a: the same on every machine, whatever else lies in the folder.
    std::uint64_t hash = 14695981039346656037ULL;
    for (const char byte : poster.item) {
      hash = (hash ^ static_cast<unsigned char>(byte)) * 1099511628211ULL;
    }
    return (hash >> 32) % count != part - 1;
  };
  std::erase_if(list.posters, is_of_another);
  std::erase_if(list.failures, is_of_another);
}

void TagCommandOptions::check_shard() const {
  shard_of(shard);
}

}  // namespace balse::cli
