#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "balse/tagging/tag_list.hpp"

namespace balse {

/// The smallest weight that a category's tags need.
struct TagThreshold {
  /// The paper's matrix T has none below 0.1.
  double least = 0.1;
  /// Maximum cut (Largeron et al. 2012): each poster's own threshold, midway of the largest gap
  /// between its probabilities, sorted. `least` is the smallest that may be.
  bool mcut = false;

  friend bool operator==(const TagThreshold&, const TagThreshold&) = default;
};

/// One for each of kTagCategories.
struct TagThresholds {
  std::array<TagThreshold, kTagCategories.size()> of = {};

  TagThreshold& operator[](TagCategory category) { return of[static_cast<std::size_t>(category)]; }
  const TagThreshold& operator[](TagCategory category) const {
    return of[static_cast<std::size_t>(category)];
  }
  void set_all(TagThreshold threshold) { of.fill(threshold); }
  bool uses_mcut() const;

  friend bool operator==(const TagThresholds&, const TagThresholds&) = default;
};

/// Changes what `text` names: "0.35" or "mcut" is of all categories, "general=0.35,character=mcut"
/// of those alone. Returns these; all where none is named. Of characters mcut gives at least 0.15,
/// as WD's authors have it. Throws Error(usage).
std::vector<TagCategory> set_thresholds(TagThresholds& thresholds, std::string_view text);

/// For messages: "0.1", or "general 0.35, character 0.85" where they differ among `categories`.
std::string describe(const TagThresholds& thresholds, std::span<const TagCategory> categories);

/// Which of a network's outputs become rows.
struct TagSelection {
  TagThresholds thresholds = {};
  std::vector<TagCategory> categories = {TagCategory::general};
  std::vector<bool> excluded = {};  ///< by tag; empty: none

  bool has(TagCategory category) const;
  bool takes(const TagList& tags, std::size_t tag) const {
    return has(tags.categories[tag]) && (excluded.empty() || !excluded[tag]);
  }
};

/// A flag for each tag, whether it is one of `names`; underscores and spaces are the same. Adds
/// those of `names` that no tag has to `unknown`.
std::vector<bool> tags_named(const TagList& tags, std::span<const std::string> names,
                             std::vector<std::string>& unknown);

}  // namespace balse
