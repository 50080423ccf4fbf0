#include "balse/model/fitted_model.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"

namespace balse {

FittedModel::FittedModel(Ratings ratings, std::span<const Part> parts, Training training,
                         const std::optional<Tags>& tags, const std::optional<Works>& works,
                         const BalseOptions& options, const IdIndex* user_features,
                         const ItemComponents* item_features, std::size_t components)
    : training_(std::move(training)) {
  collect_rated(ratings, parts);
  model_.users = std::move(ratings.users);
  model_.items = std::move(ratings.items);
  model_.data.means = *training_.means;
  model_.data.unseen_users = options.unseen_users;
  model_.parameters = training_.parameters;
  model_.clipping = clipping_of(options, *training_.means);
  if (tags) {
    for (std::uint32_t item = 0; item < tags->items.size(); ++item) {
      model_.items.insert(tags->items[item]);
    }
    tags_ = align_tags(*tags, model_.items);
    model_.tags = tags->names;
    model_.data.tags = tags_;
  }
  if (user_features != nullptr) {
    model_.user_features = *user_features;
  }
  if (item_features != nullptr && components > 0) {
    item_features_ = item_features->of(model_.items, components);
    model_.data.item_features = {model_.items.size(), components, item_features_.values};
  }
  model_.rated_start = rated_start_;
  model_.rated_item = rated_item_;
  model_.rated_value = {.index = rated_value_index_, .value = rated_value_};
  if (works) {
    model_.titles = collect_texts(*works, works->titles);
    model_.categories = collect_texts(*works, works->categories);
  }
}

void FittedModel::collect_rated(const Ratings& ratings, std::span<const Part> parts) {
  rated_start_.assign(ratings.users.size() + 1, 0);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    rated_start_[ratings.user[row] + 1] += is_known(parts[row]) ? 1 : 0;
  }
  for (std::size_t user = 0; user < ratings.users.size(); ++user) {
    rated_start_[user + 1] += rated_start_[user];
  }
  std::vector<std::pair<std::uint32_t, float>> rated(rated_start_.back());
  std::vector<std::uint64_t> next(rated_start_.begin(), rated_start_.end() - 1);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (is_known(parts[row])) {
      rated[next[ratings.user[row]]++] = {ratings.item[row], ratings.value[row]};
    }
  }
  for (std::size_t user = 0; user < ratings.users.size(); ++user) {
    std::sort(rated.begin() + static_cast<std::ptrdiff_t>(rated_start_[user]),
              rated.begin() + static_cast<std::ptrdiff_t>(rated_start_[user + 1]));
  }
  std::vector<float> values;
  for (const auto& [item, value] : rated) {
    rated_item_.push_back(item);
    values.push_back(value);
  }
  keep_values(values);
}

void FittedModel::keep_values(const std::vector<float>& values) {
  constexpr std::size_t kMostDifferent = 256;
  std::vector<float> different = values;
  std::sort(different.begin(), different.end());
  different.erase(std::unique(different.begin(), different.end()), different.end());
  if (different.size() > kMostDifferent) {
    rated_value_.assign(values.begin(), values.end());
    return;
  }
  rated_value_.assign(different.begin(), different.end());
  for (const float value : values) {
    const auto at = std::lower_bound(different.begin(), different.end(), value);
    rated_value_index_.push_back(static_cast<std::uint8_t>(at - different.begin()));
  }
}

void FittedModel::learn_neighbours(const NeighbourOptions& options, int threads) {
  model_.neighbours =
      Neighbours::learn({.start = rated_start_, .item = rated_item_}, model_.data.means.item.size(),
                        options, resolve_threads(threads), neighbour_summary_);
}

TextsView FittedModel::collect_texts(const Works& works, const std::vector<std::string>& texts) {
  Texts& all = texts_.emplace_back();
  for (std::uint32_t item = 0; item < model_.items.size(); ++item) {
    if (const auto work = works.items.find(model_.items[item])) {
      all.bytes.insert(all.bytes.end(), texts[*work].begin(), texts[*work].end());
    }
    all.start.push_back(all.bytes.size());
  }
  return {.start = all.start, .bytes = all.bytes};
}

FittedParameters warm_start(const TrainedModel& old, const IdIndex& users, const IdIndex& items,
                            const IdIndex* tags, const BalseOptions& options) {
  const Renumbering renumbering = {
      .user = old_indices(old.users, users),
      .item = old_indices(old.items, items),
      .tag = tags != nullptr ? old_indices(old.tags, *tags) : std::vector<std::uint32_t>()};
  const Extents extents = {
      .users = users.size(), .items = items.size(), .tags = tags != nullptr ? tags->size() : 0};
  FittedParameters start;
  for (const BlockKind& kind : block_kinds()) {
    const Parameters& parameters = old.parameters[index_of(kind.model)];
    if (parameters.empty() || (kind.needs_tags && tags == nullptr)) {
      continue;
    }
    const Parameters initial = kind.initial(extents, options);
    if (parameters.fits(initial)) {
      start[index_of(kind.model)] = parameters.renumbered(renumbering, initial);
    }
  }
  return start;
}

std::string misfit_of(const TrainedModel& old, const BalseOptions& options) {
  for (const BlockKind& kind : block_kinds()) {
    const Parameters& parameters = old.parameters[index_of(kind.model)];
    const Parameters today = kind.initial({}, options);
    if (!parameters.fits(today)) {
      const Figure has = kind.describe(parameters).at(0);
      const Figure wanted = kind.describe(today).at(0);
      const auto text = [](const Figure& figure) {
        return std::to_string(static_cast<std::int64_t>(figure.value));
      };
      return std::string(kind.title) + " of " + std::string(has.name) + " " + text(has) +
             " where " + text(wanted) + " is asked for";
    }
  }
  return {};
}

}  // namespace balse
