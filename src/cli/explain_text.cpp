#include <algorithm>
#include <cmath>
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
                                                "drawing style: the features of the poster",
                                                "factors: users with a taste like theirs",
                                                "parts cut to the range of the ratings"};
  return kWords[static_cast<std::size_t>(of)];
}

// "+0.31 to +1.02", or nothing where no interval is known.
std::string interval_text(const TagTaste& taste) {
  return std::isnan(taste.deviation)
             ? std::string()
             : fmt::format(", 95% from {:+.3f} to {:+.3f}", taste.coefficient - taste.margin(),
                           taste.coefficient + taste.margin());
}

std::string taste_text(const ExplainQuestion& question) {
  const TrainedModel& model = question.model;
  if (const std::string missing = what_is_missing(question); !missing.empty()) {
    return escape(missing) + "\n";
  }
  const UserTaste taste = taste_of(question);
  std::string text = fmt::format(
      "User {} rated {}, {:.2f} on average. {} what they like.\n\n", escape(question.user_id),
      counted(model.rated_by(question.user).size(), "item"),
      model.data.means.mean_of_user(question.user), counted(taste.tags, "tag says", "tags say"));
  const auto list = [&](const char* title, const std::vector<TagTaste>& tastes) {
    text += title;
    text += tastes.empty() ? "\n  none\n" : "\n";
    for (const TagTaste& one : tastes) {
      text += fmt::format("  {:+8.3f}  {} ({}{})\n", one.coefficient, escape(model.tags[one.tag]),
                          counted(one.ratings, "rating"), interval_text(one));
    }
  };
  list("Most preferred tags", taste.preferred);
  list("Most disliked tags", taste.disliked);
  if (const std::string why = why_no_interval(taste); !why.empty()) {
    text += "\n" + why + "\n";
  }
  return text;
}

// What each part predicts, and what it weighs.
std::string parts_text(const ExplainQuestion& question, const Explanation& explanation) {
  std::string text;
  std::size_t width = std::string_view("fallback").size();
  for (const PartExplanation& part : explanation.parts) {
    width = std::max(width, title_of(part.model).size());
  }
  for (const PartExplanation& part : explanation.parts) {
    text += fmt::format("  {:<{}} {:8.3f}   weight {:.3f}", title_of(part.model), width,
                        part.prediction, part.weight);
    text += part.model == explanation.parts.front().model
                ? fmt::format(": {} of the item\n",
                              counted(question.model.count_of_item(question.item), "rating"))
                : "\n";
  }
  return text;
}

// The contributions of one side, those that are not shown as one line.
std::string contributions_text(const ExplainQuestion& question,
                               const std::vector<Contribution>& contributions) {
  std::string text;
  std::size_t shown = 0;
  double rest = 0.0;
  for (const Contribution& one : contributions) {
    if (shown < question.tags_shown && !question.hides(one.index)) {
      text += fmt::format("  {:+8.3f}  {} (weight {:.2f} x coefficient {:+.3f})\n", one.value,
                          escape(question.model.tags[one.index]), one.weight, one.coefficient);
      ++shown;
    } else {
      rest += one.value;
    }
  }
  if (contributions.size() > shown) {
    text +=
        fmt::format("  {:+8.3f}  {}\n", rest, counted(contributions.size() - shown, "more tag"));
  }
  return text;
}

std::string content_text(const ExplainQuestion& question, const Explanation& explanation) {
  std::string text = fmt::format("{} is the sum of\n  {:+8.3f}  {}\n",
                                 title_of(explanation.content), explanation.intercept,
                                 explanation.besides.empty() ? "intercept, for an item without tags"
                                                             : "what everybody rates everything");
  for (const Term& term : explanation.besides) {
    text += fmt::format("  {:+8.3f}  {}\n", term.value, reason_words(term.of));
  }
  text += contributions_text(question, explanation.speaking_for);
  text += contributions_text(question, explanation.speaking_against);
  text += fmt::format("  {:8.3f}  in all", explanation.unclipped);
  const std::string cut = fmt::format("{:.3f}", explanation.content_prediction);
  if (cut != fmt::format("{:.3f}", explanation.unclipped)) {
    text += ", cut to " + cut;
  }
  return text + "\n";
}

// What the factors go back to.
std::string rated_text(const ExplainQuestion& question, const Explanation& explanation) {
  if (const std::string why = why_no_rated(question, explanation); !why.empty()) {
    return "\n" + escape(why) + "\n";
  }
  const FactorShares& factors = explanation.factors;
  const std::size_t shown = std::min(question.rated_shown, factors.rated.size());
  if (!factors.known || shown == 0) {
    return {};
  }
  std::string text = fmt::format("\nFactors add {:+.3f}, which goes back to\n", factors.value);
  double rest = factors.rest;
  for (std::size_t k = 0; k < factors.rated.size(); ++k) {
    const RatedShare& one = factors.rated[k];
    if (k < shown) {
      text += fmt::format("  {:+8.3f}  {} (rated {:g})\n", one.share,
                          escape(short_name(question.model, one.item)), one.rating);
    } else {
      rest += one.share;
    }
  }
  text += fmt::format("  {:+8.3f}  ", rest);
  if (factors.rated.size() > shown) {
    text += counted(factors.rated.size() - shown, "more rated item") + ", and ";
  }
  return text + "what is expected of everybody\n";
}

std::string poster_text(const ExplainQuestion& question) {
  std::string text = "\nIts tags\n    weight  coefficient  product\n";
  for (const ItemTag& one : poster_of(question)) {
    text += fmt::format("  {:8.2f}  {:+11.3f} {:+8.3f}  {}\n", one.weight, one.coefficient,
                        one.value, escape(question.model.tags[one.tag]));
  }
  return text;
}

std::string item_text(const ExplainQuestion& question, const Explanation& explanation) {
  const TrainedModel& model = question.model;
  std::string text = escape(sentence_of(question, explanation)) + "\n\n";
  const double mean = model.data.means.mean_of_user(question.user);
  text += fmt::format("Prediction {:8.3f}   ", explanation.prediction);
  text += explanation.user_known
              ? fmt::format("(user {} rates {:.2f} on average)\n", escape(question.user_id), mean)
              : fmt::format("(all users rate {:.2f} on average, user {} nothing)\n", mean,
                            escape(question.user_id));
  text += parts_text(question, explanation);
  if (explanation.fallback != Fallback::none) {
    text += fmt::format("  fallback {:>8}\n", name_of(explanation.fallback));
  }
  text += "\n";
  text += explanation.has_content ? content_text(question, explanation)
                                  : escape(what_is_missing(question)) + "\n";
  text += rated_text(question, explanation);
  return text + (question.poster ? poster_text(question) : std::string());
}

}  // namespace

std::string explain_as_text(const ExplainQuestion& question) {
  if (question.user_id.empty()) {
    return profile_as_text(question);
  }
  return question.item_id.empty() ? taste_text(question)
                                  : item_text(question, explain(question.model, question.predictors,
                                                                question.user, question.item));
}

}  // namespace balse::cli
