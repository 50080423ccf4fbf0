#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "balse/explanation/reasons.hpp"

namespace balse {
namespace {

constexpr std::string_view kTaste = "what people with your taste think of it";

/// What moved the prediction away from the user's mean, besides tags.
struct Move {
  std::string_view up;  // how it is said where it moved it up
  std::string_view down;
  double value;
};

/// A reason that may be given: "because there is school and romance".
struct Ground {
  std::string text;
  double value;  // how far it moved the prediction the way it went
};

// "a", "a and b", "a, b and c"
std::string list_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t k = 0; k < names.size(); ++k) {
    text += k == 0 ? "" : k + 1 == names.size() ? " and " : ", ";
    text += names[k];
  }
  return text;
}

std::string tags_of(const TrainedModel& model, const std::vector<Contribution>& contributions,
                    const SentenceOptions& options) {
  std::vector<std::string> names;
  for (const Contribution& one : contributions) {
    const bool hidden = options.hidden != nullptr && (*options.hidden)[one.index];
    if (!hidden && names.size() < options.tags) {
      names.emplace_back(model.tags[one.index]);
    }
  }
  return list_of(names);
}

std::string works_of(const TrainedModel& model, const Explanation& explanation,
                     const SentenceOptions& options) {
  std::vector<std::string> names;
  for (const RatedShare& one : notable_works(explanation)) {
    if (names.size() < options.rated) {
      names.push_back(short_name(model, one.item));
    }
  }
  return list_of(names);
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
  std::vector<Move> moves;
  for (const Term& term : explanation.besides) {
    switch (term.of) {
      case Term::Of::item:
        moves.push_back({"how well all rate it", "how badly all rate it", term.value});
        break;
      case Term::Of::popularity:
        moves.push_back({"how popular it is", "how little known it is", term.value});
        break;
      case Term::Of::similar:
        moves.push_back({"what you think of works that the same people rate",
                         "what you think of works that the same people rate", term.value});
        break;
      case Term::Of::style:
        moves.push_back({"its drawing style", "its drawing style", term.value});
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

// What moved the prediction the way it went, the strongest first. Of what is no tag and no work
// only the strongest is a reason, where nothing is stronger.
std::vector<Ground> grounds_of(const TrainedModel& model, const Explanation& explanation,
                               const SentenceOptions& options) {
  const bool up = explanation.recommended;
  const double direction = up ? 1.0 : -1.0;
  std::vector<Ground> grounds;
  const std::string tags =
      tags_of(model, up ? explanation.speaking_for : explanation.speaking_against, options);
  if (const double value = direction * moved_by_tags(explanation); value > 0.0 && !tags.empty()) {
    grounds.push_back({"because there is " + tags, value});
  }
  const std::string works = works_of(model, explanation, options);
  Ground other = {{}, 0.0};
  for (const Move& move : moves_of(explanation)) {
    const double value = direction * move.value;
    if (move.up == kTaste && value > 0.0 && !works.empty()) {
      grounds.push_back({(up ? "because you liked " : "because you did not like ") + works, value});
    } else if (value > other.value) {
      other = {"mostly because of " + std::string(up ? move.up : move.down), value};
    }
  }
  std::stable_sort(grounds.begin(), grounds.end(),
                   [](const Ground& a, const Ground& b) { return a.value > b.value; });
  if (other.value > 0.0 && (grounds.empty() || other.value > grounds[0].value)) {
    grounds.insert(grounds.begin(), other);
  }
  return grounds;
}

}  // namespace

std::string short_name(const TrainedModel& model, std::uint32_t item) {
  const std::string_view title = model.titles[item];
  return title.empty() ? "the item " + std::string(model.items[item]) : std::string(title);
}

std::vector<RatedShare> notable_works(const Explanation& explanation) {
  constexpr double kNotable = 0.1;
  const double direction = explanation.recommended ? 1.0 : -1.0;
  const double least = kNotable * direction * explanation.factors.value;
  std::vector<RatedShare> works;
  for (const RatedShare& one : explanation.factors.rated) {
    if (one.item != explanation.item && least > 0.0 && direction * one.share >= least &&
        direction * (one.rating - explanation.user_mean) > 0.0) {
      works.push_back(one);
    }
  }
  return works;
}

std::string sentence(const TrainedModel& model, const Explanation& explanation,
                     const std::string& item_name, const SentenceOptions& options) {
  const bool up = explanation.recommended;
  const auto& same_way = up ? explanation.speaking_for : explanation.speaking_against;
  const auto& other_way = up ? explanation.speaking_against : explanation.speaking_for;
  const std::string although = tags_of(model, other_way, options);
  const bool tags_tell = explanation.has_content && explanation.item_tags > 0;
  if (same_way.empty() && other_way.empty() && explanation.item_ratings == 0 && !tags_tell) {
    return no_reason(explanation, item_name);
  }
  std::string text = (up ? "We recommend to you " : "You might not like ") + item_name;
  const std::vector<Ground> grounds = grounds_of(model, explanation, options);
  if (!grounds.empty()) {
    text += ", " + grounds[0].text;
    text += grounds.size() > 1 ? ", and " + grounds[1].text : "";
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
