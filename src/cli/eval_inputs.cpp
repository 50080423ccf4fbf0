#include "eval_inputs.hpp"

#include <spdlog/spdlog.h>

#include "balse/evaluation/tag_ablation.hpp"
#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

#include "features_input.hpp"
#include "tags_input.hpp"

namespace balse::cli {
namespace {

void leave_out_tags(const std::vector<std::string>& patterns, EvalInputs& inputs) {
  for (const std::string& pattern : patterns) {
    const std::vector<bool> kept = names_unlike(inputs.tag_names, pattern);
    const std::size_t before = inputs.tag_names.size();
    keep_tags(kept, *inputs.tags, inputs.tag_names);
    const std::size_t gone = before - inputs.tag_names.size();
    if (gone == 0) {
      throw Error(ErrorKind::usage,
                  {.found = "--without-tags " + shorten(pattern) + " is the name of no tag",
                   .hint = "* for any text, in quotes, as in '*_hair'"});
    }
    spdlog::info("--without-tags {}: {} left out", pattern, counted(gone, "tag"));
  }
}

void read_features_of_users(const EvalOptions& options, EvalInputs& inputs) {
  ReadTagsSummary summary;
  const auto features = options.reading.read_user_features(summary);
  if (!features) {
    return;
  }
  inputs.user_features = align_tags(*features, inputs.ratings.users);
  inputs.records.push_back(
      {"user_features", options.reading.user_features_path(), summary.fingerprint});
  inputs.users_with_features = rows_with_tags(*inputs.user_features);
  warn_of_strangers(options.reading.user_features_path(), inputs.users_with_features);
}

void read_features_of_items(const EvalOptions& options, EvalInputs& inputs) {
  const auto components =
      read_item_components(options.reading.features_path(), inputs.ratings.items, inputs.records);
  if (components) {
    inputs.item_features = components->of(inputs.ratings.items, components->count());
    inputs.features = components->features();
    inputs.items_with_features = components->items();
  }
}

}  // namespace

EvalInputs read_eval_inputs(const EvalOptions& options) {
  EvalInputs inputs;
  inputs.ratings = options.reading.read_ratings(inputs.read);
  inputs.records = ReadingOptions::rating_records(inputs.read);
  ReadTagsSummary tags_summary;
  if (const auto tags = options.reading.read_tags(tags_summary)) {
    inputs.tags = align_tags(*tags, inputs.ratings.items);
    for (std::uint32_t tag = 0; tag < tags->names.size(); ++tag) {
      inputs.tag_names.emplace_back(tags->names[tag]);
    }
    inputs.records.push_back({"tags", options.reading.tags_path(), tags_summary.fingerprint});
    leave_out_tags(options.study.without_tags(), inputs);
    keep_tags(tags_within(options.reading.max_tags(), *inputs.tags), *inputs.tags,
              inputs.tag_names);
    inputs.items_with_tags = rows_with_tags(*inputs.tags);
    if (inputs.items_with_tags == 0) {
      spdlog::warn(
          "{}: none of its items is rated, so LASSO knows only each user's mean; are the item ids "
          "the same?",
          options.reading.tags_path());
    }
  } else if (!options.study.without_tags().empty() || !options.study.tag_counts().empty()) {
    throw Error(ErrorKind::usage,
                {.found = "--without-tags or --ablate tags=N without tags", .hint = "--tags FILE"});
  }
  read_features_of_users(options, inputs);
  read_features_of_items(options, inputs);
  return inputs;
}

}  // namespace balse::cli
