#include <algorithm>

#include "balse/serving/recommend.hpp"

namespace balse {
namespace {

class CandidateTest {
 public:
  CandidateTest(const TrainedModel& model, const CandidateOptions& options)
      : model_(model), options_(options), excluded_(options.excluded_items) {
    std::sort(excluded_.begin(), excluded_.end());
  }

  bool operator()(std::uint32_t item) const {
    return may_count(model_.count_of_item(item)) &&
           !std::binary_search(excluded_.begin(), excluded_.end(), item) && may_be_tagged(item);
  }

 private:
  bool may_count(std::uint32_t count) const {
    if (count < options_.min_ratings) {
      return false;
    }
    switch (options_.only) {
      case Candidates::known:
        return count >= options_.fewer_than;
      case Candidates::little_known:
        return count < options_.fewer_than;
      case Candidates::cold:
        return count == 0;
      case Candidates::all:
        break;
    }
    return true;
  }

  bool may_be_tagged(std::uint32_t item) const {
    const auto has = [&](std::uint32_t tag) { return has_tag(item, tag); };
    return std::none_of(options_.excluded_tags.begin(), options_.excluded_tags.end(), has) &&
           std::all_of(options_.required_tags.begin(), options_.required_tags.end(), has);
  }

  bool has_tag(std::uint32_t item, std::uint32_t tag) const {
    if (!model_.has_tags()) {
      return false;
    }
    const auto tags = model_.data.tags->tags_of(item);
    const auto at = std::lower_bound(tags.begin(), tags.end(), tag);
    return at != tags.end() && *at == tag &&
           model_.data.tags->weights_of(item)[static_cast<std::size_t>(at - tags.begin())] >=
               options_.tag_weight;
  }

  const TrainedModel& model_;
  const CandidateOptions& options_;
  std::vector<std::uint32_t> excluded_;
};

}  // namespace

std::vector<std::uint32_t> candidates_of(const TrainedModel& model,
                                         const CandidateOptions& options) {
  const CandidateTest may_be(model, options);
  std::vector<std::uint32_t> candidates;
  if (options.items) {
    std::copy_if(options.items->begin(), options.items->end(), std::back_inserter(candidates),
                 may_be);
    std::sort(candidates.begin(), candidates.end());
    candidates.erase(std::unique(candidates.begin(), candidates.end()), candidates.end());
    return candidates;
  }
  for (std::uint32_t item = 0; item < model.items.size(); ++item) {
    if (may_be(item)) {
      candidates.push_back(item);
    }
  }
  return candidates;
}

}  // namespace balse
