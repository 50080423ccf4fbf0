#include "model/blocks/vb/vb_predictor.hpp"

#include <cmath>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "balse/model/derived_features.hpp"

#include "model/blocks/means_based_block.hpp"

namespace balse {
namespace {

class VbPredictor final : public MeansBasedBlock {
 public:
  VbPredictor(const VbArrays& arrays, Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        tags_(data.tags),
        parameters_(std::move(parameters)),
        users_(parameters_.matrix(arrays.users())),
        items_(parameters_.matrix(arrays.items())),
        tag_prior_(parameters_.matrix(arrays.tag_prior())),
        priors_(parameters_.matrix(arrays.priors())),
        user_variance_(parameters_.matrix(arrays.user_variance())),
        item_variance_(parameters_.matrix(arrays.item_variance())),
        precision_(parameters_.vector(arrays.precision())),
        unseen_popularity_(parameters_.vector(arrays.constants())[0]),
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
    Reasons reasons{.constant = means().global + product(row, priors_.row(item_mean)),
                    .known = true};
    for_each_tag(item, [&](std::uint32_t tag, double weight) {
      const double coefficient = product(row, tag_prior_.row(tag));
      reasons.add({.of = Term::Of::tag,
                   .index = tag,
                   .weight = weight,
                   .coefficient = coefficient,
                   .value = weight * coefficient});
    });
    const auto add = [&](Term::Of of, std::uint32_t index, double value) {
      reasons.add({.of = of, .index = index, .coefficient = value, .value = value});
    };
    add(Term::Of::user, user, row.back());
    const double popular =
        is_rated(item) ? popularity(means().item_count[item]) : unseen_popularity_;
    add(Term::Of::popularity, 0, popular * product(row, priors_.row(item_popularity)));
    if (is_rated(item)) {
      add(Term::Of::factors, 0, predict(user, item) - reasons.total());
    }
    return reasons;
  }

  std::vector<Term> taste(std::uint32_t user) const override {
    std::vector<Term> terms;
    const std::span<const double> row = row_of(user);
    for (std::uint32_t tag = 0; tag < tag_prior_.rows; ++tag) {
      const double coefficient = product(row, tag_prior_.row(tag));
      if (coefficient != 0.0) {
        terms.push_back({.of = Term::Of::tag, .index = tag, .coefficient = coefficient});
      }
    }
    return terms;
  }

  /// Of the posterior, its covariances left out, and of the noise of the user's ratings.
  double deviation(std::uint32_t user, std::uint32_t item) const override {
    const bool known_user = !unseen_user(user) && user < users_.rows;
    const bool rated = is_rated(item);
    const std::span<const double> x = row_of(user);
    const std::vector<double> prior = rated ? std::vector<double>() : prior_of(item);
    const std::span<const double> y = rated ? items_.row(item) : std::span<const double>(prior);
    const std::span<const double> doubt_of_user =
        known_user ? user_variance_.row(user) : priors_.row(user_variance);
    const std::span<const double> doubt_of_item =
        rated ? item_variance_.row(item) : priors_.row(item_variance);
    double variance = 1.0 / (known_user ? precision_[user] : typical_precision_) +
                      doubt_of_user.back() + doubt_of_item.back();
    for (std::size_t k = 0; k + 1 < x.size(); ++k) {
      variance += x[k] * x[k] * doubt_of_item[k] + y[k] * y[k] * doubt_of_user[k] +
                  doubt_of_user[k] * doubt_of_item[k];
    }
    return std::sqrt(variance);
  }

 private:
  /// [factors, bias]; of a user without ratings, what their features say.
  std::span<const double> row_of(std::uint32_t user) const {
    if (const auto newcomer = newcomers_.find(user); newcomer != newcomers_.end()) {
      return newcomer->second;
    }
    return user >= users_.rows ? priors_.row(user_mean) : users_.row(user);
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

  /// Calls use(tag, weight) for those that the prior knows.
  template <typename Use>
  void for_each_tag(std::uint32_t item, const Use& use) const {
    if (tags_ && tag_prior_.rows > 0) {
      const auto tags = tags_->tags_of(item);
      const auto weights = tags_->weights_of(item);
      for (std::size_t k = 0; k < tags.size(); ++k) {
        use(tags[k], double{weights[k]});
      }
    }
  }

  /// [factors, bias] of an item that nobody has rated.
  std::vector<double> prior_of(std::uint32_t item) const {
    std::vector<double> result(priors_.columns);
    const auto add = [&](double weight, std::span<const double> row) {
      for (std::size_t k = 0; k < result.size(); ++k) {
        result[k] += weight * row[k];
      }
    };
    add(1.0, priors_.row(item_mean));
    add(unseen_popularity_, priors_.row(item_popularity));
    for_each_tag(item, [&](std::uint32_t tag, double weight) { add(weight, tag_prior_.row(tag)); });
    return result;
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
    double sum = base + product(user, priors_.row(item_mean)) +
                 unseen_popularity_ * product(user, priors_.row(item_popularity));
    for_each_tag(item, [&](std::uint32_t tag, double weight) {
      sum += weight * product(user, tag_prior_.row(tag));
    });
    return sum;
  }

  std::optional<TagMatrixView> tags_;
  Parameters parameters_;
  MatrixView users_;
  MatrixView items_;
  MatrixView tag_prior_;
  MatrixView priors_;
  MatrixView user_variance_;
  MatrixView item_variance_;
  std::span<const double> precision_;
  double unseen_popularity_;
  double typical_precision_;
  std::unordered_map<std::uint32_t, std::vector<double>> newcomers_;
};

}  // namespace

std::unique_ptr<Block> make_vb_predictor(const VbArrays& arrays, const Parameters& parameters,
                                         const ModelData& data) {
  return std::make_unique<VbPredictor>(arrays, parameters, data);
}

}  // namespace balse
