#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "balse/explanation/item_profile.hpp"
#include "balse/explanation/reasons.hpp"

namespace balse::cli {

/// Whom, and maybe about what, explain is asked.
struct ExplainQuestion {
  const TrainedModel& model;
  const Predictors& predictors;
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  std::string user_id = {};  ///< empty: what the item is, for whomever
  std::string item_id = {};  ///< empty: what the user likes
  std::size_t tags_shown = 0;
  std::size_t rated_shown = 0;    ///< rated items that factors go back to
  bool rated_asked = false;       ///< whether that many were asked for: say why there are none
  bool poster = false;            ///< all tags of the item as well, whatever they add
  std::vector<bool> hidden = {};  ///< by tag: never named; empty: none

  bool hides(std::uint32_t tag) const { return !hidden.empty() && hidden[tag]; }
};

/// "the anime X", "the TV series X", "X (PG-13)", "X", or "the item 123".
std::string item_name(const ExplainQuestion& question);
/// The sentence of an explanation of this question's pair.
std::string sentence_of(const ExplainQuestion& question, const Explanation& explanation);
/// The user's taste, hidden tags left out.
UserTaste taste_of(const ExplainQuestion& question);
/// All tags of the item but the hidden ones.
std::vector<ItemTag> poster_of(const ExplainQuestion& question);
/// The item whoever asks, without the hidden tags.
ItemProfile profile_of(const ExplainQuestion& question);
/// Why there is nothing to say of this user's taste; empty where there is.
std::string what_is_missing(const ExplainQuestion& question);
/// Why an explanation names no rated items; empty where it can, or was not asked.
std::string why_no_rated(const ExplainQuestion& question, const Explanation& explanation);
/// Why tastes have no interval; empty where they have, or there are none.
std::string why_no_interval(const UserTaste& taste);

/// The answer for people.
std::string explain_as_text(const ExplainQuestion& question);
/// The answer for a page: a table under its sentence.
std::string explain_as_markdown(const ExplainQuestion& question);
/// The answer for programs: all numbers in full, all contributing tags; on one line where it is one
/// of many.
std::string explain_as_json(const ExplainQuestion& question, bool one_line = false);

// The same of an item, for whomever.
std::string profile_as_text(const ExplainQuestion& question);
std::string profile_as_markdown(const ExplainQuestion& question);
std::string profile_as_json(const ExplainQuestion& question, bool one_line);

/// What Markdown would take for something else is written with a backslash.
std::string markdown_text(std::string_view text);

}  // namespace balse::cli
