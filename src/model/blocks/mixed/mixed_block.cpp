#include "model/blocks/mixed/mixed_block.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "balse/model/baselines.hpp"
#include "balse/model/derived_features.hpp"

#include "model/blocks/means_based_block.hpp"
#include "model/blocks/mixed/mixed.hpp"

namespace balse {
namespace {

constexpr std::size_t kSimilar = 16;
constexpr double kLeastDeviation = 0.05;

/// What distinguishes the three blocks; the optional arrays may be null.
struct Variant {
  const ArraySpec& weights;
  const ArraySpec& usual;
  const ArraySpec& basis;
  const ArraySpec* user_offset;
  const ArraySpec* item_offset;
  const ArraySpec* similarity;
  bool popularity;
  double start_precision;
};

constexpr Variant kPlain = {.weights = MixedBlock::kArrays[0],
                            .usual = MixedBlock::kArrays[1],
                            .basis = MixedBlock::kArrays[2],
                            .user_offset = nullptr,
                            .item_offset = nullptr,
                            .similarity = nullptr,
                            .popularity = false,
                            .start_precision = 80.0};
constexpr Variant kBias = {.weights = MixedBiasBlock::kArrays[0],
                           .usual = MixedBiasBlock::kArrays[1],
                           .basis = MixedBiasBlock::kArrays[2],
                           .user_offset = &MixedBiasBlock::kArrays[3],
                           .item_offset = &MixedBiasBlock::kArrays[4],
                           .similarity = nullptr,
                           .popularity = true,
                           .start_precision = 20.0};
constexpr Variant kSimilarItems = {.weights = MixedSimilarBlock::kArrays[0],
                                   .usual = MixedSimilarBlock::kArrays[1],
                                   .basis = MixedSimilarBlock::kArrays[2],
                                   .user_offset = nullptr,
                                   .item_offset = nullptr,
                                   .similarity = &MixedSimilarBlock::kArrays[3],
                                   .popularity = true,
                                   .start_precision = 20.0};

/// Features of the items, standardised, and the way back.
class Standardised {
 public:
  Standardised(std::size_t rows, std::size_t columns)
      : columns_(columns), values_(rows * columns), mean_(columns), deviation_(columns, 1.0) {}

  double& at(std::size_t row, std::size_t column) { return values_[row * columns_ + column]; }
  MatrixView view() const { return {values_.size() / columns_, columns_, values_}; }

  /// Every column but the first, over the ratings: what is watched, not what lies in the catalogue.
  void standardise(std::span<const std::uint32_t> counts) {
    double ratings = 0.0;
    std::vector<double> squares(columns_);
    for (std::size_t row = 0; row < counts.size(); ++row) {
      const auto weight = static_cast<double>(counts[row]);
      ratings += weight;
      for (std::size_t c = 1; c < columns_; ++c) {
        mean_[c] += weight * at(row, c);
        squares[c] += weight * at(row, c) * at(row, c);
      }
    }
    for (std::size_t c = 1; c < columns_ && ratings > 0.0; ++c) {
      mean_[c] /= ratings;
      deviation_[c] = std::max(
          kLeastDeviation, std::sqrt(std::max(0.0, squares[c] / ratings - mean_[c] * mean_[c])));
    }
    for (std::size_t row = 0; row < counts.size(); ++row) {
      for (std::size_t c = 1; c < columns_; ++c) {
        at(row, c) = (at(row, c) - mean_[c]) / deviation_[c];
      }
    }
  }

  /// Coefficients of the features as they were.
  void unscale(std::vector<double>& weights) const {
    for (std::size_t first = 0; first < weights.size(); first += columns_) {
      for (std::size_t c = 1; c < columns_; ++c) {
        weights[first + c] /= deviation_[c];
        weights[first] -= weights[first + c] * mean_[c];
      }
    }
  }

 private:
  std::size_t columns_;
  std::vector<double> values_;
  std::vector<double> mean_;
  std::vector<double> deviation_;
};

/// The first columns of similarity_features().
std::vector<double> leading_similarity(const TrainingSet& set, std::size_t& count) {
  const ImplicitSvd& svd = set.derived.implicit(set.ratings, set.threads);
  const std::vector<double> all = similarity_features(svd, set.means.item_count);
  count = std::min(kSimilar, svd.count);
  std::vector<double> result;
  result.reserve(set.ratings.items() * count);
  for (std::size_t item = 0; item < set.ratings.items(); ++item) {
    const auto row = all.begin() + static_cast<std::ptrdiff_t>(item * svd.count);
    result.insert(result.end(), row, row + static_cast<std::ptrdiff_t>(count));
  }
  return result;
}

Parameters fit_variant(const Variant& variant, const TrainingSet& set, const MixedOptions& options,
                       MixedSummary& summary) {
  const auto begun = std::chrono::steady_clock::now();
  const TagComponents& tags =
      set.derived.components(*set.tags, static_cast<std::size_t>(options.tag_components));
  std::size_t similar = 0;
  std::vector<double> similarity;
  if (variant.similarity != nullptr) {
    similarity = leading_similarity(set, similar);
  }
  const std::size_t popular = variant.popularity ? 1 : 0;
  const std::size_t columns = 1 + tags.count + popular + similar;
  Standardised features(set.ratings.items(), columns);
  for (std::size_t item = 0; item < set.ratings.items(); ++item) {
    features.at(item, 0) = 1.0;
    for (std::size_t k = 0; k < tags.count; ++k) {
      features.at(item, 1 + k) = tags.scores[item * tags.count + k];
    }
    if (variant.popularity) {
      features.at(item, 1 + tags.count) = popularity(set.means.item_count[item]);
    }
    for (std::size_t k = 0; k < similar; ++k) {
      features.at(item, 1 + tags.count + popular + k) = similarity[item * similar + k];
    }
  }
  features.standardise(set.means.item_count);
  BiasModel bias;
  if (variant.user_offset != nullptr) {
    bias = fit_bias(set.ratings, set.means, BiasOptions(), set.threads);
  }
  MixedFit fit = fit_mixed({.ratings = set.ratings,
                            .features = features.view(),
                            .constant = set.means.global,
                            .user_offset = bias.user_bias,
                            .item_offset = bias.item_bias,
                            .start_precision = variant.start_precision,
                            .sweeps = options.sweeps,
                            .threads = set.threads});
  features.unscale(fit.weights);
  features.unscale(fit.usual);
  Parameters parameters;
  parameters.add(variant.weights, std::move(fit.weights), columns);
  parameters.add(variant.usual, std::move(fit.usual), columns);
  parameters.add(variant.basis, tags.basis, tags.count);
  if (variant.user_offset != nullptr) {
    parameters.add(*variant.user_offset, std::move(bias.user_bias));
    parameters.add(*variant.item_offset, std::move(bias.item_bias));
  }
  if (variant.similarity != nullptr) {
    parameters.add(*variant.similarity, std::move(similarity), similar);
  }
  summary = {
      .train_rmse = fit.train_rmse,
      .features = columns,
      .seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count()};
  return parameters;
}

class MixedPredictor final : public MeansBasedBlock {
 public:
  MixedPredictor(const Variant& variant, Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        tags_(*data.tags),
        parameters_(std::move(parameters)),
        weights_(parameters_.matrix(variant.weights)),
        usual_(parameters_.vector(variant.usual)),
        basis_(parameters_.matrix(variant.basis)),
        popular_(variant.popularity ? 1 : 0) {
    if (variant.user_offset != nullptr) {
      user_offset_ = parameters_.vector(*variant.user_offset);
      item_offset_ = parameters_.vector(*variant.item_offset);
    }
    if (variant.similarity != nullptr) {
      similarity_ = parameters_.matrix(*variant.similarity);
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
    return reasons;
  }

  std::vector<Term> taste(std::uint32_t user) const override {
    std::vector<Term> terms;
    const std::span<const double> weights = row_of(user);
    for (std::uint32_t tag = 0; tag < basis_.rows; ++tag) {
      const double coefficient = of_tag(weights, tag);
      if (coefficient != 0.0) {
        terms.push_back({.of = Term::Of::tag, .index = tag, .coefficient = coefficient});
      }
    }
    return terms;
  }

 private:
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
           of_popularity(weights, item) + of_similarity(weights, item);
  }

  TagMatrixView tags_;
  Parameters parameters_;
  MatrixView weights_;
  std::span<const double> usual_;
  MatrixView basis_;
  std::span<const double> user_offset_;
  std::span<const double> item_offset_;
  MatrixView similarity_;
  std::size_t popular_;
  bool plain_ = false;  // whether the components are the tags
};

std::vector<Figure> describe_variant(const Variant& variant, const Parameters& parameters) {
  return {{.name = "features",
           .value = static_cast<double>(parameters.matrix(variant.weights).columns),
           .whole = true}};
}

}  // namespace

void MixedOptions::visit_as(const OptionGroup& group, FieldVisitor& visitor) {
  visitor.enter(group);
  visitor.whole({"sweeps", "Steps of expectation maximisation"}, {1, 10'000}, sweeps);
  visitor.whole(
      {"tag-components", "Where there are more tags, their so many leading principal components"},
      {1, 1000}, tag_components);
}

std::vector<Figure> MixedSummary::figures() const {
  return {{.name = "train_rmse", .value = train_rmse},
          {.name = "features", .value = static_cast<double>(features), .whole = true}};
}

std::string MixedSummary::sentence() const {
  char text[100];
  std::snprintf(text, sizeof text, "%zu features, training RMSE %.4f, %.1f s", features, train_rmse,
                seconds);
  return text;
}

Parameters MixedBlock::fit(const TrainingSet& set, const Options& options,
                           const Parameters& /*start*/, Summary& summary) {
  return fit_variant(kPlain, set, options, summary);
}
std::unique_ptr<Block> MixedBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<MixedPredictor>(kPlain, parameters, data);
}
std::vector<Figure> MixedBlock::describe(const Parameters& parameters) {
  return describe_variant(kPlain, parameters);
}

Parameters MixedBiasBlock::fit(const TrainingSet& set, const Options& options,
                               const Parameters& /*start*/, Summary& summary) {
  return fit_variant(kBias, set, options, summary);
}
std::unique_ptr<Block> MixedBiasBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<MixedPredictor>(kBias, parameters, data);
}
std::vector<Figure> MixedBiasBlock::describe(const Parameters& parameters) {
  return describe_variant(kBias, parameters);
}

Parameters MixedSimilarBlock::fit(const TrainingSet& set, const Options& options,
                                  const Parameters& /*start*/, Summary& summary) {
  return fit_variant(kSimilarItems, set, options, summary);
}
std::unique_ptr<Block> MixedSimilarBlock::open(const Parameters& parameters,
                                               const ModelData& data) {
  return std::make_unique<MixedPredictor>(kSimilarItems, parameters, data);
}
std::vector<Figure> MixedSimilarBlock::describe(const Parameters& parameters) {
  return describe_variant(kSimilarItems, parameters);
}

}  // namespace balse
