#include "explain_answer.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "balse/support/printable.hpp"

namespace balse::cli {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

// "light novel" of "Light Novel", "TV series" of "TV", "OVA" of "OVA"; empty where the category is
// no words that could stand between "the" and a title.
std::string category_words(std::string_view category) {
  const auto letter_or_gap = [](char c) { return is_letter(c) || c == ' ' || c == '-'; };
  if (category.empty() || !is_letter(category.front()) ||
      !std::all_of(category.begin(), category.end(), letter_or_gap)) {
    return {};
  }
  if (category == "TV") {
    return "TV series";
  }
  if (category == "Music") {
    return "music video";
  }
  std::string words(category);
  for (std::size_t begin = 0; begin < words.size();) {
    const std::size_t end = std::min(words.find_first_of(" -", begin), words.size());
    const auto first = words.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto last = words.begin() + static_cast<std::ptrdiff_t>(end);
    const bool shouts =
        end - begin > 1 && std::none_of(first, last, [](char c) { return c >= 'a' && c <= 'z'; });
    if (!shouts) {
      std::transform(first, last, first, lower);
    }
    begin = end + 1;
  }
  return words == "unknown" ? std::string() : words;
}

std::vector<ItemTag> without_hidden(const ExplainQuestion& question, std::vector<ItemTag> tags) {
  tags.erase(std::remove_if(tags.begin(), tags.end(),
                            [&](const ItemTag& one) { return question.hides(one.tag); }),
             tags.end());
  return tags;
}

}  // namespace

std::string item_name(const ExplainQuestion& question) {
  const std::string title(question.model.titles[question.item]);
  const std::string category(question.model.categories[question.item]);
  const std::string words = category_words(category);
  if (title.empty()) {
    return "the " + (words.empty() ? "item" : words) + " " + question.item_id;
  }
  if (!words.empty()) {
    return "the " + words + " " + title;
  }
  return category.empty() || category == "Unknown" ? title : title + " (" + category + ")";
}

std::string sentence_of(const ExplainQuestion& question, const Explanation& explanation) {
  return sentence(question.model, explanation, item_name(question),
                  {.hidden = question.hidden.empty() ? nullptr : &question.hidden});
}

UserTaste taste_of(const ExplainQuestion& question) {
  return balse::taste_of(question.model, question.predictors, question.user, question.tags_shown,
                         question.hidden);
}

std::vector<ItemTag> poster_of(const ExplainQuestion& question) {
  return without_hidden(
      question, item_tags(question.model, question.predictors, question.user, question.item));
}

ItemProfile profile_of(const ExplainQuestion& question) {
  ItemProfile profile = balse::profile_of(question.model, question.predictors, question.item);
  profile.tags = without_hidden(question, std::move(profile.tags));
  return profile;
}

std::string what_is_missing(const ExplainQuestion& question) {
  if (!question.model.has_tags()) {
    return "The model was trained without tags, so LASSO knows nothing of user " +
           question.user_id + ".";
  }
  if (question.model.data.means.unseen_user(question.user)) {
    return "User " + question.user_id + " has no training rating: nothing is known of their taste.";
  }
  if (balse::taste_of(question.model, question.predictors, question.user, 0).tags == 0) {
    return "No tag tells what user " + question.user_id +
           " likes: LASSO predicts the same for every item.";
  }
  return {};
}

std::string why_no_rated(const ExplainQuestion& question, const Explanation& explanation) {
  if (explanation.factors.known || !question.rated_asked) {
    return {};
  }
  if (question.model.rated_value.empty()) {
    return "The model does not hold how users have rated: what factors go back to takes a model of "
           "balse fit of today.";
  }
  return explanation.user_known
             ? "No part of the model learned factors of both the user and the item."
             : "The user has no training rating that factors could go back to.";
}

std::string why_no_interval(const UserTaste& taste) {
  for (const auto* side : {&taste.preferred, &taste.disliked}) {
    for (const TagTaste& one : *side) {
      if (std::isnan(one.deviation)) {
        return "What says what tags are worth does not say how sure it is: no intervals.";
      }
    }
  }
  return {};
}

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

}  // namespace balse::cli
