#include "model/blocks/vb/vb_predictor.hpp"

#include <cmath>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>

#include "balse/model/derived_features.hpp"

#include "model/blocks/means_based_block.hpp"
#include "model/blocks/vb/vb_item_posteriors.hpp"
#include "model/blocks/vb/vb_item_prior.hpp"
#include "model/posterior/packed.hpp"

namespace balse {
namespace {

class VbPredictor final : public MeansBasedBlock {
 public:
  VbPredictor(const VbArrays& arrays, Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        arrays_(arrays),
        parameters_(std::move(parameters)),
        users_(parameters_.matrix(arrays.users())),
        items_(parameters_.matrix(arrays.items())),
        prior_(arrays, parameters_, data),
        user_variance_(parameters_.matrix(arrays.user_variance())),
        item_variance_(parameters_.matrix(arrays.item_variance())),
        precision_(parameters_.vector(arrays.precision())),
        typical_precision_(parameters_.vector(arrays.constants())[1]) {
    const MatrixView feature_prior = parameters_.matrix(arrays.feature_prior());
    const MatrixView featured_mean = parameters_.matrix(arrays.featured_mean());
    if (data.user_features && featured_mean.rows == 1 &&
        feature_prior.rows == data.user_features->tag_count) {
      meet_newcomers(*data.user_features, feature_prior, featured_mean.row(0));
    }
  }

  double predict(std::uint32_t user, std::uint32_t item) const override {
    return predict_with(row_of(user), item);
  }

  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& /*scratch*/) const override {
    const std::span<const double> row = row_of(user);
    for (std::size_t k = 0; k < items.size(); ++k) {
      out[k] = predict_with(row, items[k]);
    }
  }

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    return unseen(user, item);
  }

  /// What the prior says of the item by its tags and its popularity, and what its ratings add.
  Reasons reasons(std::uint32_t user, std::uint32_t item) const override {
    const std::span<const double> row = row_of(user);
    Reasons reasons{.constant = means().global + product(row, prior_.priors.row(item_mean)),
                    .known = true};
    prior_.for_each_tag(item, [&](std::uint32_t tag, double weight) {
      const double coefficient = product(row, prior_.tag_prior.row(tag));
      reasons.add({.of = Term::Of::tag,
                   .index = tag,
                   .weight = weight,
                   .coefficient = coefficient,
                   .value = weight * coefficient});
    });
    const auto add = [&](Term::Of of, std::uint32_t index, double value) {
      reasons.add({.of = of, .index = index, .coefficient = value, .value = value});
    };
    add(Term::Of::style, 0, of_style(row, item));
    add(Term::Of::user, user, row.back());
    const double popular =
        is_rated(item) ? popularity(means().item_count[item]) : prior_.unseen_popularity;
    add(Term::Of::popularity, 0, popular * product(row, prior_.priors.row(item_popularity)));
    if (is_rated(item)) {
      const std::vector<double> prior = prior_.mean(item, popular);
      add(Term::Of::item, item, items_.row(item).back() - prior.back());
      add(Term::Of::factors, 0, predict(user, item) - reasons.total());
    }
    return reasons;
  }

  /// The factors term is u . a, a being what the item's ratings add to its factors. With phi_j =
  /// [v_j, 1] and S the covariance of x_u = [u, b_u],
  ///     S^-1 = L + alpha w_u sum of E[phi_j phi_j'],
  /// x_u is linear in the ratings: rating j moves it by alpha w_u S phi_j for a point, and differs
  /// by r_uj - mu - b_u - b_j from what is expected.
  std::vector<double> factor_shares(std::uint32_t user, std::uint32_t item,
                                    const RatedItems& rated) const override {
    if (unseen_user(user) || user >= users_.rows || !is_rated(item) ||
        !has_user_posteriors(arrays_, parameters_)) {
      return {};
    }
    Eigen::VectorXd direction = padded(items_.row(item), 0.0);
    direction -= padded(prior_.mean(item, popularity(means().item_count[item])), 0.0);
    const double precision = precision_[user];
    const auto solved = posterior_precision(precision, rated.item).ldlt();
    const Eigen::VectorXd pull = precision * solved.solve(direction);
    const double expected = means().global + users_.row(user).back();
    std::vector<double> shares;
    shares.reserve(rated.item.size());
    for (std::size_t k = 0; k < rated.item.size(); ++k) {
      const std::span<const double> row = items_.row(rated.item[k]);
      shares.push_back((rated.value[k] - expected - row.back()) * pull.dot(padded(row, 1.0)));
    }
    return shares;
  }

  std::vector<Term> taste(std::uint32_t user,
                          std::span<const std::uint32_t> /*rated*/) const override {
    std::vector<Term> terms;
    const std::span<const double> row = row_of(user);
    for (std::uint32_t tag = 0; tag < prior_.tag_prior.rows; ++tag) {
      const double coefficient = product(row, prior_.tag_prior.row(tag));
      if (coefficient != 0.0) {
        terms.push_back({.of = Term::Of::tag,
                         .index = tag,
                         .coefficient = coefficient,
                         .deviation = deviation_of_tag(user, tag)});
      }
    }
    return terms;
  }

  /// Of the posterior, its covariances left out, and of the noise of the user's ratings.
  double deviation(std::uint32_t user, std::uint32_t item) const override {
    const bool known_user = !unseen_user(user) && user < users_.rows;
    const bool rated = is_rated(item);
    const std::span<const double> x = row_of(user);
    const std::vector<double> prior = rated ? std::vector<double>() : prior_.mean(item);
    const std::span<const double> y = rated ? items_.row(item) : std::span<const double>(prior);
    const std::span<const double> doubt_of_user =
        known_user ? user_variance_.row(user) : prior_.priors.row(user_variance);
    const std::span<const double> doubt_of_item =
        rated ? item_variance_.row(item) : prior_.priors.row(item_variance);
    double variance = 1.0 / (known_user ? precision_[user] : typical_precision_) +
                      doubt_of_user.back() + doubt_of_item.back();
    for (std::size_t k = 0; k + 1 < x.size(); ++k) {
      variance += x[k] * x[k] * doubt_of_item[k] + y[k] * y[k] * doubt_of_user[k] +
                  doubt_of_user[k] * doubt_of_item[k];
    }
    return std::sqrt(variance);
  }

 private:
  /// Of the user's posterior, its covariances left out; what a tag adds to an item is taken as it
  /// is.
  double deviation_of_tag(std::uint32_t user, std::uint32_t tag) const {
    const std::span<const double> doubt = unseen_user(user) || user >= users_.rows
                                              ? prior_.priors.row(user_variance)
                                              : user_variance_.row(user);
    const std::span<const double> row = prior_.tag_prior.row(tag);
    double variance = 0.0;
    for (std::size_t k = 0; k + 1 < row.size(); ++k) {
      variance += row[k] * row[k] * doubt[k];
    }
    return std::sqrt(variance);
  }

  /// [factors, bias]; of a user without ratings, what their features say.
  std::span<const double> row_of(std::uint32_t user) const {
    if (const auto newcomer = newcomers_.find(user); newcomer != newcomers_.end()) {
      return newcomer->second;
    }
    return user >= users_.rows ? prior_.priors.row(user_mean) : users_.row(user);
  }

  void meet_newcomers(const TagMatrixView& features, const MatrixView& feature_prior,
                      std::span<const double> mean) {
    for (std::uint32_t user = 0; user < features.items(); ++user) {
      if (!unseen_user(user) || features.count(user) == 0) {
        continue;
      }
      std::vector<double>& row = newcomers_[user];
      row.assign(mean.begin(), mean.end());
      const auto names = features.tags_of(user);
      const auto weights = features.weights_of(user);
      for (std::size_t k = 0; k < names.size(); ++k) {
        const std::span<const double> slope = feature_prior.row(names[k]);
        for (std::size_t i = 0; i < row.size(); ++i) {
          row[i] += double{weights[k]} * slope[i];
        }
      }
    }
  }

  bool is_rated(std::uint32_t item) const {
    return !means().unseen_item(item) && item < items_.rows;
  }

  /// The factors of [factors, bias], and `last`.
  static Eigen::VectorXd padded(std::span<const double> row, double last) {
    Eigen::VectorXd result =
        Eigen::Map<const Eigen::VectorXd>(row.data(), static_cast<Eigen::Index>(row.size()));
    result[result.size() - 1] = last;
    return result;
  }

  /// S^-1 of a user who has rated these.
  Eigen::MatrixXd posterior_precision(double precision,
                                      std::span<const std::uint32_t> rated) const {
    const VbMoments moments = item_posteriors(arrays_, parameters_, prior_, means(), rated, 1);
    const std::size_t n = moments.dimensions();
    Eigen::MatrixXd sum =
        Eigen::MatrixXd::Zero(static_cast<Eigen::Index>(n), static_cast<Eigen::Index>(n));
    for (std::size_t k = 0; k < rated.size(); ++k) {
      add_packed({moments.record(k), PosteriorKernels::packed_size(n)}, sum);
    }
    return precision * sum + square_of(parameters_.matrix(arrays_.user_prior_precision()));
  }

  /// What `row`, [factors, bias] of an item or of what adds to one, gives for a user.
  static double product(std::span<const double> user, std::span<const double> row) {
    const std::size_t bias = row.size() - 1;
    double sum = 0.0;
    for (std::size_t k = 0; k < bias; ++k) {
      sum += user[k] * row[k];
    }
    return sum + row[bias];
  }

  double predict_with(std::span<const double> user, std::uint32_t item) const {
    const double base = means().global + user.back();
    if (is_rated(item)) {
      return base + product(user, items_.row(item));
    }
    double sum = base + product(user, prior_.priors.row(item_mean)) +
                 prior_.unseen_popularity * product(user, prior_.priors.row(item_popularity));
    prior_.for_each_tag(item, [&](std::uint32_t tag, double weight) {
      sum += weight * product(user, prior_.tag_prior.row(tag));
    });
    return sum + of_style(user, item);
  }

  double of_style(std::span<const double> user, std::uint32_t item) const {
    double sum = 0.0;
    prior_.for_each_component(item, [&](std::size_t c, double value) {
      sum += value * product(user, prior_.component_prior.row(c));
    });
    return sum;
  }

  VbArrays arrays_;
  Parameters parameters_;
  MatrixView users_;
  MatrixView items_;
  VbItemPrior prior_;
  MatrixView user_variance_;
  MatrixView item_variance_;
  std::span<const double> precision_;
  double typical_precision_;
  std::unordered_map<std::uint32_t, std::vector<double>> newcomers_;
};

}  // namespace

std::unique_ptr<Block> make_vb_predictor(const VbArrays& arrays, const Parameters& parameters,
                                         const ModelData& data) {
  return std::make_unique<VbPredictor>(arrays, parameters, data);
}

}  // namespace balse
