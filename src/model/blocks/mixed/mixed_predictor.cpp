#include "model/blocks/mixed/mixed_predictor.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <Eigen/Core>

#include "balse/model/derived_features.hpp"

#include "model/blocks/means_based_block.hpp"
#include "model/blocks/mixed/mixed_features.hpp"
#include "model/posterior/packed.hpp"

namespace balse {
namespace {

class MixedPredictor final : public MeansBasedBlock {
 public:
  MixedPredictor(const MixedVariant& variant, Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        tags_(*data.tags),
        parameters_(std::move(parameters)),
        weights_(parameters_.matrix(variant.weights())),
        usual_(parameters_.vector(variant.usual())),
        basis_(parameters_.matrix(variant.basis())),
        precision_(parameters_.matrix(variant.precision())),
        spread_(parameters_.matrix(variant.spread())),
        noise_(parameters_.vector(variant.noise())),
        popular_(variant.popularity ? 1 : 0),
        item_features_(data.item_features),
        components_(variant.component_count(parameters_)),
        features_(variant, parameters_, data) {
    if (variant.offsets) {
      user_offset_ = parameters_.vector(variant.user_offset());
      item_offset_ = parameters_.vector(variant.item_offset());
    }
    if (variant.similar_items) {
      similarity_ = parameters_.matrix(variant.similarity());
    }
    plain_ = is_identity(basis_);
  }

  double predict(std::uint32_t user, std::uint32_t item) const override {
    const std::span<const double> weights = row_of(user);
    const auto tags = tags_.tags_of(item);
    const auto values = tags_.weights_of(item);
    double sum = 0.0;
    for (std::size_t k = 0; k < tags.size(); ++k) {
      sum += double{values[k]} * of_tag(weights, tags[k]);
    }
    return sum + besides_tags(weights, user, item);
  }

  void predict_items(std::uint32_t user, std::span<const std::uint32_t> items,
                     std::span<double> out, PredictionScratch& scratch) const override {
    if (plain_ || items.size() < basis_.rows / 16) {
      Block::predict_items(user, items, out, scratch);
      return;
    }
    const std::span<const double> weights = row_of(user);
    scratch.by_tag.resize(std::max(scratch.by_tag.size(), basis_.rows));
    for (std::size_t tag = 0; tag < basis_.rows; ++tag) {
      scratch.by_tag[tag] = of_tag(weights, static_cast<std::uint32_t>(tag));
    }
    for (std::size_t n = 0; n < items.size(); ++n) {
      const auto tags = tags_.tags_of(items[n]);
      const auto values = tags_.weights_of(items[n]);
      double sum = 0.0;
      for (std::size_t k = 0; k < tags.size(); ++k) {
        sum += double{values[k]} * scratch.by_tag[tags[k]];
      }
      out[n] = sum + besides_tags(weights, user, items[n]);
    }
    std::fill_n(scratch.by_tag.begin(), basis_.rows, 0.0);
  }

  Fallback fallback(std::uint32_t user, std::uint32_t item) const override {
    if (unseen_user(user)) {
      return means().unseen_item(item) ? Fallback::unseen_both : Fallback::unseen_user;
    }
    return tags_.count(item) == 0 ? Fallback::no_tags : Fallback::none;
  }

  Reasons reasons(std::uint32_t user, std::uint32_t item) const override {
    const std::span<const double> weights = row_of(user);
    Reasons reasons{.constant = means().global, .known = true};
    const auto tags = tags_.tags_of(item);
    const auto values = tags_.weights_of(item);
    for (std::size_t k = 0; k < tags.size(); ++k) {
      const double coefficient = of_tag(weights, tags[k]);
      reasons.add({.of = Term::Of::tag,
                   .index = tags[k],
                   .weight = values[k],
                   .coefficient = coefficient,
                   .value = double{values[k]} * coefficient});
    }
    const auto add = [&](Term::Of of, std::uint32_t index, double value) {
      reasons.add({.of = of, .index = index, .coefficient = value, .value = value});
    };
    // The intercept is what they rate an item of which nothing is known: an offset of theirs.
    add(Term::Of::user, user, weights[0] + of_user(user));
    add(Term::Of::item, item, of_item(item));
    add(Term::Of::popularity, 0, of_popularity(weights, item));
    add(Term::Of::similar, 0, of_similarity(weights, item));
    add(Term::Of::style, 0, of_style(weights, item));
    return reasons;
  }

  std::vector<Term> taste(std::uint32_t user, std::span<const std::uint32_t> rated) const override {
    std::vector<Term> terms;
    const std::span<const double> weights = row_of(user);
    const Eigen::MatrixXd covariance = covariance_given(rated);
    for (std::uint32_t tag = 0; tag < basis_.rows; ++tag) {
      const double coefficient = of_tag(weights, tag);
      if (coefficient != 0.0) {
        terms.push_back({.of = Term::Of::tag,
                         .index = tag,
                         .coefficient = coefficient,
                         .deviation = deviation_of(tag, covariance)});
      }
    }
    return terms;
  }

 private:
  /// Of the coefficients of standardised features, the posterior's: (L + alpha sum of z z')^-1, the
  /// user's ratings taken to be as noisy as anybody's. Empty where the model does not hold L.
  Eigen::MatrixXd covariance_given(std::span<const std::uint32_t> rated) const {
    if (precision_.values.empty() || spread_.values.empty() || noise_.empty()) {
      return {};
    }
    const auto size = static_cast<Eigen::Index>(precision_.columns);
    Eigen::MatrixXd sum = Eigen::MatrixXd::Zero(size, size);
    Eigen::VectorXd row(size);
    for (const std::uint32_t item : rated) {
      features_.write(item, {row.data(), precision_.columns});
      sum.noalias() += row * row.transpose();
    }
    return inverse_of(noise_[0] * sum + square_of(precision_));
  }

  double deviation_of(std::uint32_t tag, const Eigen::MatrixXd& covariance) const {
    if (covariance.size() == 0) {
      return std::numeric_limits<double>::quiet_NaN();
    }
    const auto row = basis_.row(tag);
    Eigen::VectorXd direction = Eigen::VectorXd::Zero(covariance.rows());
    for (std::size_t c = 0; c < row.size(); ++c) {
      direction[static_cast<Eigen::Index>(1 + c)] = row[c] / spread_.row(1)[1 + c];
    }
    return std::sqrt(direction.dot(covariance * direction));
  }

  static bool is_identity(const MatrixView& basis) {
    for (std::size_t k = 0; k < basis.values.size(); ++k) {
      if (basis.values[k] != (k / basis.columns == k % basis.columns ? 1.0 : 0.0)) {
        return false;
      }
    }
    return basis.rows == basis.columns;
  }

  std::span<const double> row_of(std::uint32_t user) const {
    return user < weights_.rows ? weights_.row(user) : usual_;
  }

  /// What a tag of weight 1 adds.
  double of_tag(std::span<const double> weights, std::uint32_t tag) const {
    if (plain_) {
      return weights[1 + tag];
    }
    const auto row = basis_.row(tag);
    double sum = 0.0;
    for (std::size_t c = 0; c < row.size(); ++c) {
      sum += row[c] * weights[1 + c];
    }
    return sum;
  }

  double of_user(std::uint32_t user) const {
    return user < user_offset_.size() ? user_offset_[user] : 0.0;
  }
  double of_item(std::uint32_t item) const {
    return item < item_offset_.size() ? item_offset_[item] : 0.0;
  }
  double of_popularity(std::span<const double> weights, std::uint32_t item) const {
    const auto& counts = means().item_count;
    return popular_ == 0
               ? 0.0
               : weights[1 + basis_.columns] * popularity(item < counts.size() ? counts[item] : 0);
  }
  double of_similarity(std::span<const double> weights, std::uint32_t item) const {
    double sum = 0.0;
    if (item < similarity_.rows) {
      const auto row = similarity_.row(item);
      for (std::size_t k = 0; k < row.size(); ++k) {
        sum += weights[1 + basis_.columns + popular_ + k] * row[k];
      }
    }
    return sum;
  }

  double besides_tags(std::span<const double> weights, std::uint32_t user,
                      std::uint32_t item) const {
    return means().global + weights[0] + of_user(user) + of_item(item) +
           of_popularity(weights, item) + of_similarity(weights, item) + of_style(weights, item);
  }

  /// Coefficients of items' features come last.
  double of_style(std::span<const double> weights, std::uint32_t item) const {
    double sum = 0.0;
    if (components_ > 0 && item < item_features_.rows) {
      const std::span<const double> coefficients = weights.last(components_);
      const std::span<const double> values = item_features_.row(item);
      for (std::size_t c = 0; c < components_; ++c) {
        sum += coefficients[c] * values[c];
      }
    }
    return sum;
  }

  TagMatrixView tags_;
  Parameters parameters_;
  MatrixView weights_;
  std::span<const double> usual_;
  MatrixView basis_;
  MatrixView precision_;
  MatrixView spread_;
  std::span<const double> noise_;
  std::span<const double> user_offset_;
  std::span<const double> item_offset_;
  MatrixView similarity_;
  std::size_t popular_;
  MatrixView item_features_;
  std::size_t components_;
  MixedFeatures features_;
  bool plain_ = false;  // whether the components are the tags
};

}  // namespace

std::unique_ptr<Block> make_mixed_predictor(const MixedVariant& variant,
                                            const Parameters& parameters, const ModelData& data) {
  return std::make_unique<MixedPredictor>(variant, parameters, data);
}

}  // namespace balse
