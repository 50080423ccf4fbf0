#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "balse/explanation/reasons.hpp"

namespace balse::cli {

/// Whom, and maybe about what, explain is asked.
struct ExplainQuestion {
  const TrainedModel& model;
  const Predictors& predictors;
  std::uint32_t user = 0;
  std::uint32_t item = 0;
  std::string user_id = {};
  std::string item_id = {};  ///< empty: what the user likes
  std::size_t tags_shown = 0;
  std::vector<bool> hidden = {};  ///< by tag: not named in the sentence
};

/// "the anime X", "X (TV)", "X", or "the item 123".
std::string item_name(const ExplainQuestion& question);
/// Why there is nothing to say of this user's taste; empty where there is.
std::string what_is_missing(const ExplainQuestion& question);

/// The answer for people.
std::string explain_as_text(const ExplainQuestion& question);
/// The answer for a page: a table under its sentence.
std::string explain_as_markdown(const ExplainQuestion& question);
/// The answer for programs: all numbers in full, all contributing tags; on one line where it is one
/// of many.
std::string explain_as_json(const ExplainQuestion& question, bool one_line = false);

}  // namespace balse::cli
