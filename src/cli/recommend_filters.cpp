#include "recommend_filters.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include <spdlog/spdlog.h>

#include "balse/data/id_list_reader.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"
#include "balse/support/printable.hpp"

namespace balse::cli {
namespace {

/// What tag lists of anime, manga and films call what is not for children or the office: genres of
/// MyAnimeList and AniList, ratings and tags of Illustration2Vec, DeepDanbooru and the like.
constexpr std::array<std::string_view, 25> kAdultTags = {"18+",
                                                         "adult",
                                                         "adults only",
                                                         "borderline h",
                                                         "ecchi",
                                                         "erotic",
                                                         "erotica",
                                                         "explicit",
                                                         "hentai",
                                                         "nsfw",
                                                         "nude",
                                                         "nudity",
                                                         "porn",
                                                         "pornography",
                                                         "questionable",
                                                         "r-18",
                                                         "r18",
                                                         "rating:e",
                                                         "rating:q",
                                                         "rating:explicit",
                                                         "rating:questionable",
                                                         "rx - hentai",
                                                         "sex",
                                                         "sexual content",
                                                         "smut"};

/// Names that differ in case and in underscores for spaces alone are one.
std::string plain_name(std::string_view name) {
  std::string plain(name);
  std::transform(plain.begin(), plain.end(), plain.begin(), [](char c) {
    return c == '_' ? ' ' : c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return plain;
}

/// Every tag of the model that is meant; several may be.
std::vector<std::uint32_t> tags_called(const TrainedModel& model, std::string_view name) {
  const std::string wanted = plain_name(name);
  std::vector<std::uint32_t> found;
  for (std::uint32_t tag = 0; tag < model.tags.size(); ++tag) {
    if (plain_name(model.tags[tag]) == wanted) {
      found.push_back(tag);
    }
  }
  return found;
}

CLI::Option* add_tags(CLI::App& app, const char* name, std::vector<std::string>& tags,
                      const char* sentence) {
  return app.add_option(name, tags, sentence)->delimiter(',')->type_name("TAG,...");
}

}  // namespace

void RecommendFilters::declare(CLI::App& app, CandidateOptions& options) {
  const std::string which = "Which items";
  only_
      .declare(app, "--only",
               "By their ratings in the model: known, little-known or cold (none). Little-known "
               "and cold items are ranked by their predictions, so by their tags")
      ->default_str("all")
      ->group(which);
  app.add_option("--little-known", options.fewer_than,
                 "Items with fewer than N ratings are little known, others known")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N")
      ->group(which);
  app.add_option("--min-ratings", options.min_ratings, "Leave out items with fewer ratings")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N")
      ->group(which);
  app.add_option("--items", items_path_, "Only items of this file, an id a line")
      ->type_name("FILE")
      ->group(which);
  app.add_option("--exclude-items", excluded_path_, "No items of this file, an id a line")
      ->type_name("FILE")
      ->group(which);
  app.add_option("--items-column", items_column_,
                 "Where the ids of both are, as --users-column says")
      ->type_name("COLUMN")
      ->group(which);
  add_tags(app, "--exclude-tags", excluded_tags_, "No items with one of these tags")->group(which);
  add_tags(app, "--require-tags", required_tags_, "Only items with all of these tags")
      ->group(which);
  app.add_flag("--safe", safe_, "No items with a tag of --safe-tags")->group(which);
  add_tags(app, "--safe-tags", safe_tags_,
           "What --safe leaves out, instead of a list of what adult content is called (hentai, "
           "ecchi, erotica, nsfw, explicit, ...); for a config file")
      ->group(which);
  app.add_option("--tag-weight", options.tag_weight,
                 "An item has a tag for these options if it weighs as much")
      ->capture_default_str()
      ->check(CLI::Range(0.0, 1.0))
      ->type_name("X")
      ->group(which);
}

std::vector<NamedPath> RecommendFilters::paths() const {
  return {{"--items", items_path_}, {"--exclude-items", excluded_path_}};
}

void RecommendFilters::check() const {
  if (!items_column_.empty() && items_path_.empty() && excluded_path_.empty()) {
    throw Error(ErrorKind::usage, {.found = "--items-column without a file that has it",
                                   .expected = "--items FILE or --exclude-items FILE"});
  }
}

void RecommendFilters::resolve(const TrainedModel& model, CandidateOptions& options) const {
  options.only = only_.value();
  if (!items_path_.empty()) {
    options.items = items_of(items_path_, model);
  }
  if (!excluded_path_.empty()) {
    options.excluded_items = items_of(excluded_path_, model);
  }
  resolve_tags(model, options);
}

std::vector<std::uint32_t> RecommendFilters::items_of(const std::string& path,
                                                      const TrainedModel& model) const {
  const IdList listed = read_item_ids(path, {.column = items_column_, .known = &model.items});
  if (!listed.guess.empty()) {
    spdlog::info("{}: {}", path, listed.guess);
  }
  std::vector<std::uint32_t> items;
  for (const std::string& id : listed.ids) {
    if (const auto item = model.items.find(id)) {
      items.push_back(*item);
    }
  }
  if (const std::size_t unknown = listed.ids.size() - items.size(); unknown > 0) {
    spdlog::warn("{}: {} unknown to the model and left out (--tags brings new items in)", path,
                 counted(unknown, "item is", "items are"));
  }
  return items;
}

void RecommendFilters::resolve_tags(const TrainedModel& model, CandidateOptions& options) const {
  const auto asks = [&](const char* option) {
    throw Error(ErrorKind::usage, {.found = std::string(option) + " asks for tags, and the model "
                                                                  "was trained without",
                                   .hint = "balse fit with --tags"});
  };
  if (!model.has_tags() && (!excluded_tags_.empty() || !required_tags_.empty() || safe_)) {
    asks(safe_ ? "--safe" : excluded_tags_.empty() ? "--require-tags" : "--exclude-tags");
  }
  const auto resolve_list = [&](const std::vector<std::string>& names, const char* option,
                                std::vector<std::uint32_t>& tags) {
    for (const std::string& name : names) {
      const std::vector<std::uint32_t> found = tags_called(model, name);
      if (found.empty()) {
        spdlog::warn("{}: the model has no tag {}", option, shorten(name));
      }
      tags.insert(tags.end(), found.begin(), found.end());
    }
  };
  resolve_list(excluded_tags_, "--exclude-tags", options.excluded_tags);
  resolve_list(required_tags_, "--require-tags", options.required_tags);
  if (safe_) {
    resolve_safe(model, options);
  }
}

void RecommendFilters::resolve_safe(const TrainedModel& model, CandidateOptions& options) const {
  std::vector<std::string> names = safe_tags_;
  if (names.empty()) {
    names.assign(kAdultTags.begin(), kAdultTags.end());
  }
  std::size_t meant = 0;
  for (const std::string& name : names) {
    const std::vector<std::uint32_t> found = tags_called(model, name);
    meant += found.size();
    if (found.empty() && !safe_tags_.empty()) {
      spdlog::warn("--safe-tags: the model has no tag {}", shorten(name));
    }
    options.excluded_tags.insert(options.excluded_tags.end(), found.begin(), found.end());
  }
  if (meant == 0) {
    spdlog::warn(
        "--safe leaves nothing out: the model has none of its tags; --safe-tags names others");
  }
  std::size_t without = 0;
  for (std::uint32_t item = 0; item < model.items.size(); ++item) {
    without += model.data.tags->count(item) == 0 ? 1 : 0;
  }
  if (without > 0) {
    spdlog::info("--safe: {} no tags, so nothing is known of what is in them",
                 counted(without, "item has", "items have"));
  }
}

}  // namespace balse::cli
