#include "balse/model/fitted_model.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "balse/support/error.hpp"

namespace balse {

FittedModel::FittedModel(Ratings ratings, std::span<const Part> parts, Training training,
                         const std::optional<Tags>& tags, const std::optional<Works>& works,
                         const BalseOptions& options)
    : training_(std::move(training)) {
  collect_rated(ratings, parts);
  model_.users = std::move(ratings.users);
  model_.items = std::move(ratings.items);
  BlockParameters& parameters = model_.parameters;
  const RatingMeans& means = *training_.blocks.means;
  parameters.means = means;
  parameters.als = training_.blocks.als;
  parameters.clip = options.clip;
  parameters.clip_range =
      options.clip_range.value_or(ClipRange{.low = means.lowest, .high = means.highest});
  parameters.unseen_users = options.unseen_users;
  if (tags) {
    for (std::uint32_t item = 0; item < tags->items.size(); ++item) {
      model_.items.insert(tags->items[item]);
    }
    tags_ = align_tags(*tags, model_.items);
    model_.tags = tags->names;
    parameters.lasso = training_.blocks.lasso.view();
    parameters.tags = tags_;
    model_.gate = training_.gate;
    model_.gate_counts = training_.gate_counts;
  }
  model_.rated_start = rated_start_;
  model_.rated_item = rated_item_;
  if (works) {
    model_.titles = collect_texts(*works, works->titles);
    model_.categories = collect_texts(*works, works->categories);
  }
}

void FittedModel::collect_rated(const Ratings& ratings, std::span<const Part> parts) {
  rated_start_.assign(ratings.users.size() + 1, 0);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    rated_start_[ratings.user[row] + 1] += parts[row] == Part::test ? 0 : 1;
  }
  for (std::size_t user = 0; user < ratings.users.size(); ++user) {
    rated_start_[user + 1] += rated_start_[user];
  }
  rated_item_.resize(rated_start_.back());
  std::vector<std::uint64_t> next(rated_start_.begin(), rated_start_.end() - 1);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    if (parts[row] != Part::test) {
      rated_item_[next[ratings.user[row]]++] = ratings.item[row];
    }
  }
  for (std::size_t user = 0; user < ratings.users.size(); ++user) {
    std::sort(rated_item_.begin() + static_cast<std::ptrdiff_t>(rated_start_[user]),
              rated_item_.begin() + static_cast<std::ptrdiff_t>(rated_start_[user + 1]));
  }
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

namespace {

void copy_known_rows(const FactorsView& from, const IdIndex& old_ids, const IdIndex& new_ids,
                     Factors& to) {
  for (std::uint32_t row = 0; row < new_ids.size(); ++row) {
    const auto known = old_ids.find(new_ids[row]);
    if (known && *known < from.rows) {
      const auto values = from.row(*known);
      std::copy(values.begin(), values.end(), to.row(row).begin());
    }
  }
}

Lasso known_coefficients(const TrainedModel& old, const IdIndex& users, const IdIndex& tags) {
  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> tag;
  std::vector<double> coefficient;
  std::vector<double> intercept;
  std::vector<std::pair<std::uint32_t, double>> row;
  for (std::uint32_t user = 0; user < users.size(); ++user) {
    row.clear();
    const auto known = old.users.find(users[user]);
    if (known) {
      const auto old_tags = old.parameters.lasso.tags_of(*known);
      const auto coefficients = old.parameters.lasso.coefficients_of(*known);
      for (std::size_t k = 0; k < old_tags.size(); ++k) {
        if (const auto today = tags.find(old.tags[old_tags[k]])) {
          row.emplace_back(*today, coefficients[k]);
        }
      }
      std::sort(row.begin(), row.end());
    }
    for (const auto& [name, value] : row) {
      tag.push_back(name);
      coefficient.push_back(value);
    }
    start.push_back(tag.size());
    intercept.push_back(known ? old.parameters.lasso.intercept_of(*known) : 0.0);
  }
  std::vector<double> objective(users.size());
  return {std::move(start), std::move(tag), std::move(coefficient), std::move(intercept),
          std::move(objective)};
}

}  // namespace

WarmStart warm_start(const TrainedModel& old, const IdIndex& users, const IdIndex& items,
                     const IdIndex* tags, const AlsOptions& options) {
  const FactorsView& old_items = old.parameters.als.items;
  if (old_items.rank != static_cast<std::size_t>(options.rank)) {
    throw Error(ErrorKind::usage,
                {.found = "the model to start from has rank " + std::to_string(old_items.rank) +
                          ", and --rank is " + std::to_string(options.rank),
                 .hint = "the same rank, or no --warm-start"});
  }
  WarmStart start;
  initialise_factors(options, users.size(), items.size(), start.users, start.items);
  copy_known_rows(old.parameters.als.users, old.users, users, start.users);
  copy_known_rows(old_items, old.items, items, start.items);
  if (tags != nullptr && old.has_tags()) {
    start.lasso = known_coefficients(old, users, *tags);
  }
  return start;
}

}  // namespace balse
