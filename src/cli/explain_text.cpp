#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include <spdlog/fmt/fmt.h>

#include "balse/support/counted.hpp"
#include "balse/support/printable.hpp"

#include "explain_answer.hpp"

namespace balse::cli {
namespace {

std::string_view reason_words(Term::Of of) {
  static constexpr std::string_view kWords[] = {"tags",
                                                "how the user rates",
                                                "how the item is rated",
                                                "how many have rated the item",
                                                "similar items: those that the same people rate",
                                                "factors: users with a taste like theirs",
                                                "parts cut to the range of the ratings"};
  return kWords[static_cast<std::size_t>(of)];
}

std::string taste_text(const ExplainQuestion& question) {
  const TrainedModel& model = question.model;
  if (const std::string missing = what_is_missing(question); !missing.empty()) {
    return escape(missing) + "\n";
  }
  const UserTaste taste = taste_of(question.predictors, question.user, question.tags_shown);
  std::string text = fmt::format(
      "User {} rated {}, {:.2f} on average. {} what they like.\n\n", escape(question.user_id),
      counted(model.rated_by(question.user).size(), "item"),
      model.data.means.mean_of_user(question.user), counted(taste.tags, "tag says", "tags say"));
  const auto list = [&](const char* title, const std::vector<TagTaste>& tastes) {
    text += title;
    text += tastes.empty() ? "\n  none\n" : "\n";
    for (const TagTaste& one : tastes) {
      text += fmt::format("  {:+8.3f}  {}\n", one.coefficient, escape(model.tags[one.tag]));
    }
  };
  list("Most preferred tags", taste.preferred);
  list("Most disliked tags", taste.disliked);
  return text;
}

std::string item_text(const ExplainQuestion& question, const Explanation& explanation) {
  const TrainedModel& model = question.model;
  std::string text =
      escape(sentence(model, explanation, item_name(question),
                      {.hidden = question.hidden.empty() ? nullptr : &question.hidden})) +
      "\n\n";
  const double mean = model.data.means.mean_of_user(question.user);
  text += fmt::format("Prediction {:8.3f}   ", explanation.prediction);
  text += explanation.user_known
              ? fmt::format("(user {} rates {:.2f} on average)\n", escape(question.user_id), mean)
              : fmt::format("(all users rate {:.2f} on average, user {} nothing)\n", mean,
                            escape(question.user_id));
  std::size_t width = std::string_view("fallback").size();
  for (const PartExplanation& part : explanation.parts) {
    width = std::max(width, title_of(part.model).size());
  }
  for (const PartExplanation& part : explanation.parts) {
    text += fmt::format("  {:<{}} {:8.3f}   weight {:.3f}", title_of(part.model), width,
                        part.prediction, part.weight);
    text += part.model == explanation.parts.front().model
                ? fmt::format(": {} of the item\n",
                              counted(model.count_of_item(question.item), "rating"))
                : "\n";
  }
  if (explanation.fallback != Fallback::none) {
    text += fmt::format("  fallback {:>8}\n", name_of(explanation.fallback));
  }
  text += "\n";
  if (!explanation.has_content) {
    return text + escape(what_is_missing(question)) + "\n";
  }
  text += fmt::format("{} is the sum of\n  {:+8.3f}  {}\n", title_of(explanation.content),
                      explanation.intercept,
                      explanation.besides.empty() ? "intercept, for an item without tags"
                                                  : "what everybody rates everything");
  for (const Term& term : explanation.besides) {
    text += fmt::format("  {:+8.3f}  {}\n", term.value, reason_words(term.of));
  }
  const auto list = [&](const std::vector<Contribution>& contributions) {
    const std::size_t shown = std::min(question.tags_shown, contributions.size());
    double rest = 0.0;
    for (std::size_t k = 0; k < contributions.size(); ++k) {
      const Contribution& one = contributions[k];
      if (k < shown) {
        text += fmt::format("  {:+8.3f}  {} (weight {:.2f} x coefficient {:+.3f})\n", one.value,
                            escape(model.tags[one.index]), one.weight, one.coefficient);
      } else {
        rest += one.value;
      }
    }
    if (contributions.size() > shown) {
      text +=
          fmt::format("  {:+8.3f}  {}\n", rest, counted(contributions.size() - shown, "more tag"));
    }
  };
  list(explanation.speaking_for);
  list(explanation.speaking_against);
  text += fmt::format("  {:8.3f}  in all", explanation.unclipped);
  const std::string cut = fmt::format("{:.3f}", explanation.content_prediction);
  if (cut != fmt::format("{:.3f}", explanation.unclipped)) {
    text += ", cut to " + cut;
  }
  return text + "\n";
}

}  // namespace

std::string item_name(const ExplainQuestion& question) {
  std::string title(question.model.titles[question.item]);
  const std::string category(question.model.categories[question.item]);
  if (title.empty()) {
    return "the " + (category.empty() ? "item" : category) + " " + question.item_id;
  }
  if (category.empty()) {
    return title;
  }
  // "the anime X", but "X (TV)".
  const bool is_word = category.front() >= 'a' && category.front() <= 'z';
  return is_word ? "the " + category + " " + title : title + " (" + category + ")";
}

// Why LASSO has nothing to say of this user; empty where it has.
std::string what_is_missing(const ExplainQuestion& question) {
  if (!question.model.has_tags()) {
    return "The model was trained without tags, so LASSO knows nothing of user " +
           question.user_id + ".";
  }
  if (question.model.data.means.unseen_user(question.user)) {
    return "User " + question.user_id + " has no training rating: nothing is known of their taste.";
  }
  if (taste_of(question.predictors, question.user, 0).tags == 0) {
    return "No tag tells what user " + question.user_id +
           " likes: LASSO predicts the same for every item.";
  }
  return {};
}

std::string explain_as_text(const ExplainQuestion& question) {
  return question.item_id.empty() ? taste_text(question)
                                  : item_text(question, explain(question.model, question.predictors,
                                                                question.user, question.item));
}

}  // namespace balse::cli
