#include "model/blocks/als/als_block.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "model/blocks/means_based_block.hpp"

namespace balse {
namespace {

class AlsPredictor final : public MeansBasedBlock {
 public:
  AlsPredictor(Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data), parameters_(std::move(parameters)), als_(view_of(parameters_)) {}

  double predict(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user) && unseen_users() == UnseenUsers::item_mean) {
      return means().mean_of_item(item);
    }
    return als_.predict(user, item);
  }

  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    if (unseen_user(user)) {
      Block::predict_items(user, items, out, scratch);
      return;
    }
    for (std::size_t k = 0; k < items.size(); ++k) {
      out[k] = als_.predict(user, items[k]);
    }
  }

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return unseen(user, item);
  }

 private:
  static AlsView view_of(const Parameters& parameters) {
    return {.users = parameters.matrix(AlsBlock::kUserFactors),
            .items = parameters.matrix(AlsBlock::kItemFactors),
            .user_offset = parameters.vector(AlsBlock::kUserOffset)};
  }

  Parameters parameters_;
  AlsView als_;
};

Factors copy_of(const MatrixView& matrix) {
  return {.rows = matrix.rows,
          .rank = matrix.columns,
          .values = {matrix.values.begin(), matrix.values.end()}};
}

}  // namespace

Parameters AlsBlock::initial(const Extents& extents, const Options& options) {
  Factors users;
  Factors items;
  initialise_factors(options, extents.users, extents.items, users, items);
  Parameters parameters;
  parameters.add(kUserFactors, std::move(users.values), users.rank);
  parameters.add(kItemFactors, std::move(items.values), items.rank);
  return parameters;
}

Parameters AlsBlock::fit(const TrainingSet& set, const Options& options, const Parameters& start,
                         Summary& summary) {
  AlsOptions all = options;
  all.threads = set.threads;
  // Yesterday's factors would flatter ALS on ratings that they have seen.
  const bool cold = start.empty() || set.for_validation;
  all.tolerance = set.for_validation ? 0.0 : options.tolerance;
  Als als = cold ? fit_als(set.ratings, set.means, all, &summary)
                 : fit_als(set.ratings, set.means, all, copy_of(start.matrix(kUserFactors)),
                           copy_of(start.matrix(kItemFactors)), &summary);
  Parameters parameters;
  parameters.add(kUserFactors, std::move(als.users.values), als.users.rank);
  parameters.add(kItemFactors, std::move(als.items.values), als.items.rank);
  parameters.add(kUserOffset, std::move(als.user_offset));
  return parameters;
}

Parameters AlsBlock::fold_in(const Parameters& parameters, const FoldInSet& set,
                             const Options& options) {
  AlsOptions all = options;
  all.threads = set.threads;
  std::vector<double> offset = als_offsets(set.means, options);
  const MatrixView items = parameters.matrix(kItemFactors);
  std::vector<double> of_rated(set.rated.size() * items.columns);
  for (std::size_t k = 0; k < set.rated.size(); ++k) {
    if (set.rated[k] < items.rows) {
      std::copy_n(items.row(set.rated[k]).data(), items.columns,
                  of_rated.begin() + static_cast<std::ptrdiff_t>(k * items.columns));
    }
  }
  Factors users = solve_als_users(set.by_rated, offset, {set.rated.size(), items.columns, of_rated},
                                  set.rated.size(), all);
  Parameters rows;
  rows.add(kUserFactors, std::move(users.values), users.rank);
  rows.add(kUserOffset, std::move(offset));
  return rows;
}

std::unique_ptr<Block> AlsBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<AlsPredictor>(parameters, data);
}

std::vector<Figure> AlsBlock::describe(const Parameters& parameters) {
  return {{.name = "rank",
           .value = static_cast<double>(parameters.matrix(kItemFactors).columns),
           .whole = true}};
}

}  // namespace balse
