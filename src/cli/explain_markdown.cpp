#include <algorithm>
#include <string>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "explain_answer.hpp"

namespace balse::cli {
namespace {

std::string taste_table(const ExplainQuestion& question) {
  const UserTaste taste = taste_of(question);
  const std::string why = why_no_interval(taste);
  std::string text = why.empty() ? "| tag | points | 95% | ratings |\n|---|---:|---|---:|\n"
                                 : "| tag | points | ratings |\n|---|---:|---:|\n";
  const auto add = [&](const TagTaste& one) {
    text += fmt::format("| {} | {:+.3f} |", markdown_text(question.model.tags[one.tag]),
                        one.coefficient);
    if (why.empty()) {
      text += fmt::format(" {:+.3f} to {:+.3f} |", one.coefficient - one.margin(),
                          one.coefficient + one.margin());
    }
    text += fmt::format(" {} |\n", one.ratings);
  };
  std::for_each(taste.preferred.begin(), taste.preferred.end(), add);
  std::for_each(taste.disliked.rbegin(), taste.disliked.rend(), add);
  return text + (why.empty() ? "" : "\n" + why + "\n");
}

std::string rated_rows(const ExplainQuestion& question, const Explanation& explanation) {
  std::string text;
  const auto& rated = explanation.factors.rated;
  for (std::size_t k = 0; k < std::min(question.rated_shown, rated.size()); ++k) {
    text += fmt::format("| of factors: {}, rated {:g} | | | {:+.3f} |\n",
                        markdown_text(short_name(question.model, rated[k].item)), rated[k].rating,
                        rated[k].share);
  }
  return text;
}

std::string item_table(const ExplainQuestion& question, const Explanation& explanation) {
  std::string text = fmt::format(
      "| | weight | coefficient | points |\n|---|---:|---:|---:|\n| prediction | | | {:.3f} |\n"
      "| mean of {} | | | {:.3f} |\n",
      explanation.prediction, markdown_text(question.user_id), explanation.user_mean);
  for (const PartExplanation& part : explanation.parts) {
    text += fmt::format("| {} | {:.3f} | | {:.3f} |\n", title_of(part.model), part.weight,
                        part.prediction);
  }
  text += rated_rows(question, explanation);
  const auto add = [&](std::uint32_t tag, double weight, double coefficient, double value) {
    text += fmt::format("| {} | {:.2f} | {:+.3f} | {:+.3f} |\n",
                        markdown_text(question.model.tags[tag]), weight, coefficient, value);
  };
  if (question.poster) {
    for (const ItemTag& one : poster_of(question)) {
      add(one.tag, one.weight, one.coefficient, one.value);
    }
    return text;
  }
  for (const auto* side : {&explanation.speaking_for, &explanation.speaking_against}) {
    std::size_t shown = 0;
    for (const Contribution& one : *side) {
      if (shown < question.tags_shown && !question.hides(one.index)) {
        add(one.index, one.weight, one.coefficient, one.value);
        ++shown;
      }
    }
  }
  return text;
}

}  // namespace

std::string explain_as_markdown(const ExplainQuestion& question) {
  if (question.user_id.empty()) {
    return profile_as_markdown(question);
  }
  if (question.item_id.empty()) {
    const std::string missing = what_is_missing(question);
    return fmt::format("### User {}\n\n{}\n", markdown_text(question.user_id),
                       missing.empty() ? taste_table(question) : markdown_text(missing) + "\n");
  }
  const Explanation explanation =
      explain(question.model, question.predictors, question.user, question.item);
  const std::string why = why_no_rated(question, explanation);
  return markdown_text(sentence_of(question, explanation)) + "\n\n" +
         item_table(question, explanation) + "\n" +
         (why.empty() ? "" : markdown_text(why) + "\n\n");
}

}  // namespace balse::cli
