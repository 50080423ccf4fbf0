#include "balse/explanation/item_profile.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "balse/explanation/reasons.hpp"
#include "balse/support/parallel.hpp"

namespace balse {
namespace {

constexpr std::size_t kUsersPerRange = 256;

// The mean of every tag's coefficient over the users of whom the model knows ratings.
void average_over_users(const TrainedModel& model, const Predictors& predictors, std::uint32_t item,
                        int threads, ItemProfile& profile) {
  const std::size_t users = model.users.size();
  const std::size_t tags = model.tags.size();
  std::vector<double> sums((users + kUsersPerRange - 1) / kUsersPerRange * tags);
  parallel_ranges(users, kUsersPerRange, resolve_threads(threads),
                  [&](std::size_t begin, std::size_t end) {
                    double* const sum = sums.data() + begin / kUsersPerRange * tags;
                    for (std::size_t k = begin; k < end; ++k) {
                      const auto user = static_cast<std::uint32_t>(k);
                      if (model.data.means.unseen_user(user)) {
                        continue;
                      }
                      for (const Contribution& one : contributions_of(predictors, user, item)) {
                        sum[one.index] += one.coefficient;
                      }
                    }
                  });
  for (std::uint32_t user = 0; user < users; ++user) {
    profile.users += model.data.means.unseen_user(user) ? 0 : 1;
  }
  for (ItemTag& tag : profile.tags) {
    double sum = 0.0;
    for (std::size_t k = tag.tag; k < sums.size(); k += tags) {
      sum += sums[k];
    }
    if (profile.users > 0) {
      tag.mean_coefficient = sum / static_cast<double>(profile.users);
    }
  }
}

}  // namespace

std::vector<ItemTag> item_tags(const TrainedModel& model, const Predictors& predictors,
                               std::uint32_t user, std::uint32_t item) {
  std::vector<ItemTag> result;
  if (!model.has_tags()) {
    return result;
  }
  const auto tags = model.data.tags->tags_of(item);
  const auto weights = model.data.tags->weights_of(item);
  const std::vector<Contribution> contributions = contributions_of(predictors, user, item);
  for (std::size_t k = 0; k < tags.size(); ++k) {
    ItemTag& tag = result.emplace_back(ItemTag{.tag = tags[k], .weight = double{weights[k]}});
    const auto of_user =
        std::find_if(contributions.begin(), contributions.end(),
                     [&](const Contribution& one) { return one.index == tags[k]; });
    if (of_user != contributions.end()) {
      tag.coefficient = of_user->coefficient;
      tag.value = of_user->value;
    }
  }
  std::stable_sort(result.begin(), result.end(),
                   [](const ItemTag& a, const ItemTag& b) { return a.weight > b.weight; });
  return result;
}

ItemProfile profile_of(const TrainedModel& model, const Predictors& predictors, std::uint32_t item,
                       int threads) {
  constexpr std::uint32_t kNobody = std::numeric_limits<std::uint32_t>::max();
  const Block& best = *predictors.find(predictors.best());
  ItemProfile profile = {.ratings = model.count_of_item(item),
                         .prediction = best.predict(kNobody, item),
                         .fallback = best.fallback(kNobody, item),
                         .tags = item_tags(model, predictors, kNobody, item)};
  if (profile.ratings > 0) {
    profile.mean = model.data.means.mean_of_item(item);
  }
  average_over_users(model, predictors, item, threads, profile);
  return profile;
}

}  // namespace balse
