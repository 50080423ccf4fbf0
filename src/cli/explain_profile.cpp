// What an item is, whoever asks: its tags as on the poster, and what they are worth to all.

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>
#include <spdlog/fmt/fmt.h>

#include "balse/support/counted.hpp"
#include "balse/support/printable.hpp"

#include "explain_answer.hpp"

namespace balse::cli {
namespace {

using Json = nlohmann::ordered_json;

std::string headline(const ExplainQuestion& question, const ItemProfile& profile) {
  const std::string rated =
      profile.ratings == 0
          ? "nobody has rated it"
          : counted(profile.ratings, "rating") + fmt::format(", {:.2f} on average", profile.mean);
  std::string name = item_name(question);
  if (name.starts_with("the ")) {
    name[0] = 'T';
  }
  return name + " (" + question.item_id + "): " + rated + ".";
}

std::string of_somebody(const ItemProfile& profile) {
  return fmt::format("Somebody of whom nothing is known is predicted to rate it {:.3f}.",
                     profile.prediction);
}

// What stands above the tags, or instead of them.
std::string about_tags(const ItemProfile& profile) {
  if (profile.tags.empty()) {
    return "The model has no tags of it.";
  }
  return "Its tags, and what one of weight 1 is worth to " +
         (profile.users == 1 ? "the only user." : counted(profile.users, "user") + " on average.");
}

}  // namespace

std::string profile_as_text(const ExplainQuestion& question) {
  const ItemProfile profile = profile_of(question);
  std::string text = escape(headline(question, profile)) + "\n" + of_somebody(profile) + "\n\n" +
                     about_tags(profile) + "\n";
  if (!profile.tags.empty()) {
    text += "\n  weight    worth\n";
  }
  for (const ItemTag& one : profile.tags) {
    text += fmt::format("  {:6.2f} {:>+8.3f}  {}\n", one.weight, one.mean_coefficient,
                        escape(question.model.tags[one.tag]));
  }
  return text;
}

std::string profile_as_markdown(const ExplainQuestion& question) {
  const ItemProfile profile = profile_of(question);
  std::string text = "### " + markdown_text(headline(question, profile)) + "\n\n" +
                     of_somebody(profile) + "\n" + about_tags(profile) + "\n\n";
  if (!profile.tags.empty()) {
    text += "| tag | weight | worth |\n|---|---:|---:|\n";
  }
  for (const ItemTag& one : profile.tags) {
    text += fmt::format("| {} | {:.2f} | {:+.3f} |\n", markdown_text(question.model.tags[one.tag]),
                        one.weight, one.mean_coefficient);
  }
  return text + (profile.tags.empty() ? "" : "\n");
}

std::string profile_as_json(const ExplainQuestion& question, bool one_line) {
  const TrainedModel& model = question.model;
  const ItemProfile profile = profile_of(question);
  Json json = {{"item", question.item_id}};
  if (const auto title = model.titles[question.item]; !title.empty()) {
    json["title"] = title;
  }
  if (const auto category = model.categories[question.item]; !category.empty()) {
    json["category"] = category;
  }
  const bool rated = profile.ratings > 0;
  json.update({{"item_ratings", profile.ratings},
               {"item_mean", rated ? Json(profile.mean) : Json(nullptr)},
               {"prediction", profile.prediction},
               {"fallback", name_of(profile.fallback)},
               {"users", profile.users}});
  json["poster"] = Json::array();
  for (const ItemTag& one : profile.tags) {
    const bool known = !std::isnan(one.mean_coefficient);
    json["poster"].push_back(
        {{"tag", model.tags[one.tag]},
         {"weight", one.weight},
         {"mean_coefficient", known ? Json(one.mean_coefficient) : Json(nullptr)}});
  }
  return escape_json(json.dump(one_line ? -1 : 2, ' ', false, Json::error_handler_t::replace)) +
         "\n";
}

}  // namespace balse::cli
