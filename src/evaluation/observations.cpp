#include "balse/evaluation/observations.hpp"

#include <algorithm>
#include <map>

namespace balse {
namespace {

constexpr std::size_t kLeastShare = 100;  // a hundredth of the users

CountHistogram histogram_of(const std::vector<std::size_t>& counts) {
  std::map<std::size_t, std::size_t> having;
  for (const std::size_t count : counts) {
    ++having[count];
  }
  return {having.begin(), having.end()};
}

std::vector<std::size_t> times_of(const std::vector<std::uint32_t>& index, std::size_t size) {
  std::vector<std::size_t> times(size);
  for (const std::uint32_t k : index) {
    ++times[k];
  }
  return times;
}

std::vector<TagLiking> first_of(std::vector<TagLiking> likings, double sign) {
  std::stable_sort(likings.begin(), likings.end(), [sign](const TagLiking& a, const TagLiking& b) {
    return sign * a.coefficient > sign * b.coefficient;
  });
  std::erase_if(likings,
                [sign](const TagLiking& liking) { return sign * liking.coefficient <= 0; });
  likings.resize(std::min(likings.size(), kTagsListed));
  return likings;
}

}  // namespace

CountHistograms count_ratings(const Ratings& ratings) {
  return {.items = histogram_of(times_of(ratings.item, ratings.items.size())),
          .users = histogram_of(times_of(ratings.user, ratings.users.size()))};
}

TagStatistics count_tags(const TagMatrix& tags) {
  TagStatistics facts{.tags = tags.tag_count, .items_with_tags = rows_with_tags(tags)};
  std::vector<std::size_t> of_items(tags.items());
  for (std::size_t item = 0; item < of_items.size(); ++item) {
    of_items[item] = tags.count(item);
  }
  facts.per_item = histogram_of(of_items);
  const std::vector<std::size_t> used = times_of(tags.tag, tags.tag_count);
  for (std::uint32_t tag = 0; tag < used.size(); ++tag) {
    facts.most_used.emplace_back(tag, used[tag]);
  }
  std::stable_sort(facts.most_used.begin(), facts.most_used.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  facts.most_used.resize(std::min(facts.most_used.size(), kTagsListed));
  return facts;
}

void add_likings(const TrainedFold& fold, std::size_t users, TagStatistics& facts) {
  const Block* const lasso = fold.predictors->find(Model::lasso);
  if (lasso == nullptr) {
    return;
  }
  std::vector<TagLiking> likings(facts.tags);
  for (std::uint32_t user = 0; user < users; ++user) {
    for (const Term& term : lasso->taste(user, {})) {
      likings[term.index].coefficient += term.coefficient;
      ++likings[term.index].users;
    }
  }
  std::vector<TagLiking> known;
  for (std::uint32_t tag = 0; tag < likings.size(); ++tag) {
    if (likings[tag].users > 0 && likings[tag].users * kLeastShare >= users) {
      known.push_back(
          {.tag = tag,
           .coefficient = likings[tag].coefficient / static_cast<double>(likings[tag].users),
           .users = likings[tag].users});
    }
  }
  facts.loved = first_of(known, 1.0);
  facts.hated = first_of(std::move(known), -1.0);
}

std::vector<GateCurve> gate_curves(const CrossValidationResult& result, std::uint32_t most) {
  constexpr std::uint32_t kEvery = 20;
  constexpr std::uint32_t kSteps = 12;  // from there to the next twice as large one
  std::vector<GateCurve> curves;
  if (std::find(result.models.begin(), result.models.end(), Model::balse) == result.models.end()) {
    return curves;
  }
  for (std::size_t fold = 0; fold < result.folds.size(); ++fold) {
    const GateSummary& summary = result.folds[fold].gate_summary;
    GateCurve curve{.fold = fold, .weights = {}};
    std::uint32_t count = 0;
    while (count <= most) {
      curve.weights.emplace_back(count, summary.by_count.empty()
                                            ? summary.gate.weight(count)
                                            : summary.by_count.weight_at(count));
      count += count < kEvery ? 1 : std::max(1U, count / kSteps);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

}  // namespace balse
