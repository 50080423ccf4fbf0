#include "model/blocks/als/als_block.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

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

  Reasons reasons(std::uint32_t user, std::uint32_t item) const override {
    Reasons reasons{.constant = means().global, .known = true};
    const auto add = [&](Term::Of of, std::uint32_t index, double value) {
      reasons.add({.of = of, .index = index, .coefficient = value, .value = value});
    };
    if (unseen_user(user) && unseen_users() == UnseenUsers::item_mean) {
      add(Term::Of::item, item, means().mean_of_item(item) - means().global);
      return reasons;
    }
    const double offset = user < als_.user_offset.size() ? als_.user_offset[user] : 0.0;
    add(Term::Of::user, user, offset - means().global);
    add(Term::Of::factors, 0, als_.predict(user, item) - offset);
    return reasons;
  }

  /// U_i = (G + kappa I)^-1 sum of V_j (r_ij - offset_i), G = sum of V_j V_j', is linear in the
  /// ratings. The model does not hold kappa, lambda or lambda times the number of ratings; it is
  /// taken to be what makes U_i . (sum of V_j (r_ij - offset_i) - G U_i) = kappa |U_i|^2, which at
  /// convergence it is.
  std::vector<double> factor_shares(std::uint32_t user, std::uint32_t item,
                                    const RatedItems& rated) const override {
    if (unseen(user, item) != Fallback::none || user >= als_.users.rows ||
        item >= als_.items.rows) {
      return {};
    }
    const Eigen::VectorXd factors = vector_of(als_.users.row(user));
    const Eigen::Index rank = factors.size();
    Eigen::MatrixXd gram = Eigen::MatrixXd::Zero(rank, rank);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(rank);
    const double offset = als_.user_offset[user];
    for (std::size_t k = 0; k < rated.item.size(); ++k) {
      const Eigen::VectorXd row = vector_of(als_.items.row(rated.item[k]));
      gram.noalias() += row * row.transpose();
      right += (rated.value[k] - offset) * row;
    }
    const double kappa = factors.dot(right - gram * factors) / factors.squaredNorm();
    if (!(kappa > 0.0)) {
      return {};  // no such fit
    }
    gram.diagonal().array() += kappa;
    const Eigen::VectorXd pull = gram.ldlt().solve(vector_of(als_.items.row(item)));
    std::vector<double> shares;
    shares.reserve(rated.item.size());
    for (std::size_t k = 0; k < rated.item.size(); ++k) {
      shares.push_back((rated.value[k] - offset) *
                       pull.dot(vector_of(als_.items.row(rated.item[k]))));
    }
    return shares;
  }

 private:
  static Eigen::Map<const Eigen::VectorXd> vector_of(std::span<const double> row) {
    return {row.data(), static_cast<Eigen::Index>(row.size())};
  }

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
      const std::span<const double> row = items.row(set.rated[k]);
      std::copy(row.begin(), row.end(),
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
