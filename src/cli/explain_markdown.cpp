#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "balse/support/printable.hpp"

#include "explain_answer.hpp"

namespace balse::cli {
namespace {

// What Markdown would take for something else is written with a backslash.
std::string markdown_text(std::string_view text) {
  std::string result;
  for (const char c : escape(text)) {
    if (std::string_view("\\`*_{}[]<>#|").find(c) != std::string_view::npos) {
      result += '\\';
    }
    result += c;
  }
  return result;
}

std::string taste_table(const ExplainQuestion& question) {
  const UserTaste taste = taste_of(question.predictors, question.user, question.tags_shown);
  std::string text = "| tag | points |\n|---|---:|\n";
  const auto add = [&](const TagTaste& one) {
    text += fmt::format("| {} | {:+.3f} |\n", markdown_text(question.model.tags[one.tag]),
                        one.coefficient);
  };
  std::for_each(taste.preferred.begin(), taste.preferred.end(), add);
  std::for_each(taste.disliked.rbegin(), taste.disliked.rend(), add);
  return text;
}

std::string item_table(const ExplainQuestion& question, const Explanation& explanation) {
  std::string text = fmt::format(
      "| | points |\n|---|---:|\n| prediction | {:.3f} |\n| mean of {} | "
      "{:.3f} |\n",
      explanation.prediction, markdown_text(question.user_id), explanation.user_mean);
  for (const PartExplanation& part : explanation.parts) {
    text += fmt::format("| {}, weight {:.3f} | {:.3f} |\n", title_of(part.model), part.weight,
                        part.prediction);
  }
  for (const auto* side : {&explanation.speaking_for, &explanation.speaking_against}) {
    for (std::size_t k = 0; k < std::min(question.tags_shown, side->size()); ++k) {
      text += fmt::format("| {} | {:+.3f} |\n",
                          markdown_text(question.model.tags[(*side)[k].index]), (*side)[k].value);
    }
  }
  return text;
}

}  // namespace

std::string explain_as_markdown(const ExplainQuestion& question) {
  if (question.item_id.empty()) {
    const std::string missing = what_is_missing(question);
    return fmt::format("### User {}\n\n{}\n", markdown_text(question.user_id),
                       missing.empty() ? taste_table(question) : markdown_text(missing) + "\n");
  }
  const Explanation explanation =
      explain(question.model, question.predictors, question.user, question.item);
  const std::string why =
      sentence(question.model, explanation, item_name(question),
               {.hidden = question.hidden.empty() ? nullptr : &question.hidden});
  return markdown_text(why) + "\n\n" + item_table(question, explanation) + "\n";
}

}  // namespace balse::cli
