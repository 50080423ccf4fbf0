#include "model/blend_learning.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>

#include "balse/model/blockwise_prediction.hpp"

namespace balse {
namespace {

constexpr double kNotThere = std::numeric_limits<double>::quiet_NaN();

/// Of the first part that was learned from such and has an idea of it.
double deviation_of(const BlendKind& kind, HeldOut how, const Predictors& predictors,
                    std::uint32_t user, std::uint32_t item) {
  for (std::size_t m = 0; m < kind.parts.size(); ++m) {
    const Block* const part = predictors.find(kind.parts[m]);
    const double deviation =
        kind.learned_from[m] == how && part != nullptr ? part->deviation(user, item) : kNotThere;
    if (!std::isnan(deviation)) {
      return deviation;
    }
  }
  return kNotThere;
}

}  // namespace

BlendLearning::BlendLearning(const std::vector<Model>& models, bool with_tags,
                             const BlockOptions& options, BlockSummaries& summaries)
    : with_tags_(with_tags) {
  for (const BlendKind& kind : blend_kinds()) {
    const bool wanted = std::find(models.begin(), models.end(), kind.model) != models.end();
    if (wanted && (with_tags || !kind.needs_tags)) {
      blends_.push_back({&kind, kind.fit(options, summaries)});
    }
  }
}

HeldOut BlendLearning::taken_as(const BlendKind& kind, HeldOut how) {
  const auto& from = kind.learned_from;
  return std::find(from.begin(), from.end(), HeldOut::items) == from.end() ? HeldOut::ratings : how;
}

bool BlendLearning::is_part(const Learning& blend, const BlockKind& kind, HeldOut how) const {
  for (std::size_t m = 0; m < blend.kind->parts.size(); ++m) {
    if (blend.kind->parts[m] == kind.model && blend.kind->learned_from[m] == how) {
      return with_tags_ || !kind.needs_tags;
    }
  }
  return false;
}

bool BlendLearning::tells_new_items() const {
  return std::any_of(block_kinds().begin(), block_kinds().end(), [&](const BlockKind& kind) {
    return std::any_of(blends_.begin(), blends_.end(),
                       [&](const Learning& blend) { return is_part(blend, kind, HeldOut::items); });
  });
}

bool BlendLearning::needs(const BlockKind& kind, HeldOut how) const {
  return std::any_of(blends_.begin(), blends_.end(), [&](const Learning& blend) {
    return is_part(blend, kind, taken_as(*blend.kind, how));
  });
}

bool BlendLearning::predicts_by(const BlockKind& kind) const {
  return std::any_of(blends_.begin(), blends_.end(), [&](const Learning& blend) {
    const bool tells = taken_as(*blend.kind, HeldOut::items) == HeldOut::items;
    for (const HeldOut how : {HeldOut::ratings, HeldOut::items}) {
      const bool known = blend.knows[static_cast<std::size_t>(how)] || !tells;
      if (known && is_part(blend, kind, how)) {
        return true;
      }
    }
    return blend.kind->parts.front() == kind.model;  // which stands in for all others
  });
}

bool BlendLearning::can_learn(const BlendKind& kind, HeldOut how,
                              const Predictors& predictors) const {
  for (std::size_t m = 0; m < kind.parts.size(); ++m) {
    if (kind.learned_from[m] == how && predictors.find(kind.parts[m]) == nullptr &&
        (with_tags_ || !needs_tags(kind.parts[m]))) {
      return false;
    }
  }
  return true;
}

void BlendLearning::learn(HeldOut how, const Predictors& predictors, const RatingMeans& means,
                          const Ratings& ratings, const std::vector<std::uint32_t>& rows,
                          int threads) {
  // The blends that can, and every part of theirs that is there, one after the other.
  std::vector<Learning*> learners;
  std::vector<Model> models;
  for (Learning& blend : blends_) {
    if (!can_learn(*blend.kind, taken_as(*blend.kind, how), predictors)) {
      continue;
    }
    learners.push_back(&blend);
    blend.knows[static_cast<std::size_t>(how)] = true;
    std::copy_if(blend.kind->parts.begin(), blend.kind->parts.end(), std::back_inserter(models),
                 [&](Model part) { return predictors.find(part) != nullptr; });
  }
  BlockwisePrediction prediction(predictors, models, ratings, threads);
  std::vector<double> of_parts;
  prediction.run(rows, [&](std::size_t, std::uint32_t row, std::span<const double> values) {
    const std::uint32_t user = ratings.user[row];
    const std::uint32_t item = ratings.item[row];
    PairFacts facts = {.user = user,
                       .item = item,
                       .item_count = means.item_count[item],
                       .user_count = means.user_count[user]};
    std::size_t next = 0;
    for (const Learning* blend : learners) {
      const BlendKind& kind = *blend->kind;
      of_parts.clear();
      for (const Model part : kind.parts) {
        of_parts.push_back(predictors.find(part) != nullptr ? values[next++] : kNotThere);
      }
      const HeldOut taken = taken_as(kind, how);
      facts.deviation = deviation_of(kind, taken, predictors, user, item);
      blend->fit->add(taken, facts, of_parts, ratings.value[row]);
    }
  });
}

void BlendLearning::finish(const KnownCounts& counts, FittedParameters& parameters) {
  for (const Learning& blend : blends_) {
    parameters[index_of(blend.kind->model)] = blend.fit->finish(counts);
  }
}

}  // namespace balse
