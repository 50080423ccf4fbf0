#include <algorithm>
#include <string>
#include <vector>

#include "balse/explanation/reasons.hpp"

namespace balse {
namespace {

/// What moved the prediction away from the user's mean, besides tags.
struct Move {
  const char* up;  // how it is said where it moved it up
  const char* down;
  double value;
};

// "a", "a and b", "a, b and c"
std::string list_of(const TrainedModel& model, const std::vector<Contribution>& contributions,
                    const SentenceOptions& options) {
  std::vector<std::string_view> names;
  for (const Contribution& one : contributions) {
    const bool hidden = options.hidden != nullptr && (*options.hidden)[one.index];
    if (!hidden && names.size() < options.tags) {
      names.push_back(model.tags[one.index]);
    }
  }
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    text += k == 0 ? "" : k + 1 == names.size() ? " and " : ", ";
    text += names[k];
  }
  return text;
}

// Of an item without ratings: tags that nobody's taste speaks to are no reason either.
std::string no_reason(const Explanation& explanation, const std::string& item_name) {
  return "The model has " +
         (explanation.item_tags == 0 ? "neither ratings nor tags of " + item_name
                                     : "no ratings of " + item_name +
                                           ", and knows no taste that its tags could speak to") +
         ": what it predicts is " +
         (explanation.user_known ? "your own average" : "the average of all ratings") + ".";
}

double sum_of(const std::vector<Contribution>& contributions) {
  double sum = 0.0;
  for (const Contribution& one : contributions) {
    sum += one.value;
  }
  return sum;
}

// How much all tags of the item moved the prediction.
double moved_by_tags(const Explanation& explanation) {
  const PartExplanation* const part = explanation.part(explanation.content);
  return (part == nullptr ? 1.0 : part->weight) *
         (sum_of(explanation.speaking_for) + sum_of(explanation.speaking_against));
}

// And everything else. A blend whose terms add up says it term by term, of another it is what its
// other parts predict.
std::vector<Move> moves_of(const Explanation& explanation) {
  constexpr const char* kTaste = "what people with your taste think of it";
  std::vector<Move> moves;
  for (const Term& term : explanation.besides) {
    switch (term.of) {
      case Term::Of::item:
        moves.push_back({"how well all rate it", "how badly all rate it", term.value});
        break;
      case Term::Of::popularity:
        moves.push_back({"how many have rated it", "how few have rated it", term.value});
        break;
      case Term::Of::similar:
        moves.push_back({"what you think of works that the same people rate",
                         "what you think of works that the same people rate", term.value});
        break;
      case Term::Of::factors:
        moves.push_back({kTaste, kTaste, term.value});
        break;
      case Term::Of::tag:
      case Term::Of::user:
      case Term::Of::cut:
        break;
    }
  }
  const bool terms_tell =
      explanation.has_content && explanation.part(explanation.content) == nullptr;
  if (terms_tell || !explanation.user_known || explanation.item_ratings == 0) {
    return moves;
  }
  double value = 0.0;
  for (const PartExplanation& part : explanation.parts) {
    if (!explanation.has_content || part.model != explanation.content) {
      value += part.weight * (part.prediction - explanation.user_mean);
    }
  }
  moves.push_back({kTaste, kTaste, value});
  return moves;
}

}  // namespace

std::string sentence(const TrainedModel& model, const Explanation& explanation,
                     const std::string& item_name, const SentenceOptions& options) {
  const bool up = explanation.recommended;
  const auto& same_way = up ? explanation.speaking_for : explanation.speaking_against;
  const auto& other_way = up ? explanation.speaking_against : explanation.speaking_for;
  const std::string because = list_of(model, same_way, options);
  const std::string although = list_of(model, other_way, options);
  const bool tags_tell = explanation.has_content && explanation.item_tags > 0;
  if (same_way.empty() && other_way.empty() && explanation.item_ratings == 0 && !tags_tell) {
    return no_reason(explanation, item_name);
  }
  const double direction = up ? 1.0 : -1.0;
  const double tags = because.empty() ? 0.0 : direction * moved_by_tags(explanation);
  const Move* strongest = nullptr;
  const std::vector<Move> moves = moves_of(explanation);
  for (const Move& move : moves) {
    if (direction * move.value > 0.0 &&
        (strongest == nullptr || direction * move.value > direction * strongest->value)) {
      strongest = &move;
    }
  }
  std::string text = (up ? "We recommend to you " : "You might not like ") + item_name;
  if (tags > 0.0 && (strongest == nullptr || tags >= direction * strongest->value)) {
    text += ", because there is " + because;
  } else if (strongest != nullptr) {
    text += std::string(", mostly because of ") + (up ? strongest->up : strongest->down);
    text += tags > 0.0 ? ", and because there is " + because : "";
  } else if (!explanation.has_content) {
    text += up ? ", as it is rated above the average" : ", as it is not rated above the average";
  } else {
    text += up ? ", as items like it are rated above your average"
               : ", as nothing of it speaks to your taste";
  }
  if (!although.empty()) {
    text += ", even though there is " + although;
  }
  return text + ".";
}

}  // namespace balse
