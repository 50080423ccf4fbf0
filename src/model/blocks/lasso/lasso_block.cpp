#include "model/blocks/lasso/lasso_block.hpp"

#include <algorithm>
#include <cstdio>
#include <utility>

#include "model/blocks/means_based_block.hpp"

namespace balse {
namespace {

class LassoPredictor final : public MeansBasedBlock {
 public:
  LassoPredictor(Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        parameters_(std::move(parameters)),
        coefficients_(parameters_.sparse(LassoBlock::kCoefficients)),
        intercept_(parameters_.vector(LassoBlock::kIntercept)),
        tags_(*data.tags) {}

  double predict(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return unseen_users() == UnseenUsers::item_mean ? means().mean_of_item(item) : 0.0;
    }
    return predict_lasso(coefficients_, intercept_, user, item, tags_);
  }

  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override;

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return unseen(user, item);
    }
    return tags_.count(item) == 0 ? Fallback::no_tags : Fallback::none;
  }

  Reasons reasons(std::uint32_t user, std::uint32_t item) const override;
  std::vector<Term> taste(std::uint32_t user, std::span<const std::uint32_t> rated) const override;

 private:
  static constexpr std::size_t kWorthSpreading = 2;  // items

  Parameters parameters_;
  SparseView coefficients_;
  std::span<const double> intercept_;
  TagMatrixView tags_;
};

// The user's coefficients are spread out by tag once, so that an item costs a lookup for each of
// its tags instead of a merge of two lists. The same terms in two sums, so that an addition does
// not wait for the one before: the last bits may differ from predict()'s.
void LassoPredictor::predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                                   std::span<double> out, PredictionScratch& scratch) const {
  if (unseen_user(user) || items.size() < kWorthSpreading) {
    Block::predict_items(user, items, out, scratch);
    return;
  }
  scratch.by_tag.resize(std::max(scratch.by_tag.size(), tags_.tag_count));
  const auto tastes = coefficients_.indices_of(user);
  const auto coefficients = coefficients_.values_of(user);
  double* const by_tag = scratch.by_tag.data();
  for (std::size_t k = 0; k < tastes.size(); ++k) {
    by_tag[tastes[k]] = coefficients[k];
  }
  for (std::size_t k = 0; k < items.size(); ++k) {
    // Pointers, as the library's assertions on spans would take longer than the sum.
    const std::size_t count = tags_.count(items[k]);
    const std::uint32_t* const tags = tags_.tags_of(items[k]).data();
    const float* const weights = tags_.weights_of(items[k]).data();
    double sums[2] = {intercept_[user], 0.0};
    std::size_t t = 0;
    for (; t + 2 <= count; t += 2) {
      sums[0] += by_tag[tags[t]] * weights[t];
      sums[1] += by_tag[tags[t + 1]] * weights[t + 1];
    }
    if (t < count) {
      sums[0] += by_tag[tags[t]] * weights[t];
    }
    out[k] = sums[0] + sums[1];
  }
  for (const std::uint32_t tag : tastes) {
    by_tag[tag] = 0.0;
  }
}

Reasons LassoPredictor::reasons(std::uint32_t user, std::uint32_t item) const {
  if (unseen_user(user)) {
    return {};
  }
  Reasons reasons{.constant = intercept_[user], .known = true};
  const auto tastes = coefficients_.indices_of(user);
  const auto coefficients = coefficients_.values_of(user);
  const auto tags = tags_.tags_of(item);
  const auto weights = tags_.weights_of(item);
  for (std::size_t a = 0, b = 0; a < tastes.size() && b < tags.size();) {
    if (tastes[a] == tags[b]) {
      const double value = coefficients[a] * weights[b];
      if (value != 0.0) {
        reasons.terms.push_back({.index = tags[b],
                                 .weight = weights[b],
                                 .coefficient = coefficients[a],
                                 .value = value});
      }
      ++a;
      ++b;
    } else if (tastes[a] < tags[b]) {
      ++a;
    } else {
      ++b;
    }
  }
  return reasons;
}

std::vector<Term> LassoPredictor::taste(std::uint32_t user,
                                        std::span<const std::uint32_t> /*rated*/) const {
  std::vector<Term> terms;
  if (unseen_user(user)) {
    return terms;
  }
  const auto tags = coefficients_.indices_of(user);
  const auto coefficients = coefficients_.values_of(user);
  for (std::size_t k = 0; k < tags.size(); ++k) {
    terms.push_back({.index = tags[k], .coefficient = coefficients[k]});
  }
  return terms;
}

Lasso lasso_of(const Parameters& parameters) {
  const SparseView rows = parameters.sparse(LassoBlock::kCoefficients);
  const auto intercept = parameters.vector(LassoBlock::kIntercept);
  return {{rows.start.begin(), rows.start.end()},
          {rows.index.begin(), rows.index.end()},
          {rows.value.begin(), rows.value.end()},
          {intercept.begin(), intercept.end()},
          std::vector<double>(intercept.size())};
}

Parameters parameters_of(Lasso lasso) {
  Lasso::Arrays arrays = lasso.take();
  Parameters parameters;
  parameters.add(LassoBlock::kCoefficients, std::move(arrays.start), std::move(arrays.tag),
                 std::move(arrays.coefficient));
  parameters.add(LassoBlock::kIntercept, std::move(arrays.intercept));
  return parameters;
}

}  // namespace

Parameters LassoBlock::fit(const TrainingSet& set, const Options& options, const Parameters& start,
                           Summary& summary) {
  LassoOptions all = options;
  all.threads = set.threads;
  Lasso lasso = fit_lasso(set.ratings.by_user, *set.tags, all,
                          start.empty() ? Lasso() : lasso_of(start), &summary);
  return parameters_of(std::move(lasso));
}

Parameters LassoBlock::fold_in(const Parameters& /*parameters*/, const FoldInSet& set,
                               const Options& options) {
  LassoOptions all = options;
  all.threads = set.threads;
  return parameters_of(
      fold_lasso(set.by_user, *set.data.tags, set.data.means.item_count.size(), all));
}

std::unique_ptr<Block> LassoBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<LassoPredictor>(parameters, data);
}

std::vector<Figure> LassoBlock::describe(const Parameters& parameters) {
  return {{.name = "lasso_coefficients",
           .value = static_cast<double>(parameters.sparse(kCoefficients).index.size()),
           .whole = true}};
}

std::string LassoBlock::learned(std::span<const Summary> folds) {
  double nonzeros = 0.0;
  double worst_gap = 0.0;
  std::size_t users = 0;
  for (const LassoSummary& fold : folds) {
    nonzeros += static_cast<double>(fold.nonzeros);
    users += fold.users;
    worst_gap = std::max(worst_gap, fold.worst_gap);
  }
  char text[100];
  std::snprintf(text, sizeof text, "%.1f tags a user, largest duality gap / objective %.0e",
                nonzeros / static_cast<double>(std::max<std::size_t>(users, 1)), worst_gap);
  return text;
}

}  // namespace balse
