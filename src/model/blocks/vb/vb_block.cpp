#include "model/blocks/vb/vb_block.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include "balse/model/derived_features.hpp"

#include "model/blocks/means_based_block.hpp"
#include "model/blocks/vb/vb.hpp"

namespace balse {
namespace {

constexpr std::size_t kImplicitOfUsers = 24;

// Rows of VbArrays::priors.
enum Prior : std::size_t { item_mean, item_popularity, item_variance, user_mean, user_variance };

/// What distinguishes the two blocks.
struct Variant {
  VbArrays arrays;
  bool new_items;
};

constexpr VbArrays arrays_of(const std::array<ArraySpec, 8>& a) {
  return {.users = a[0],
          .items = a[1],
          .user_variance = a[2],
          .item_variance = a[3],
          .precision = a[4],
          .tag_prior = a[5],
          .priors = a[6],
          .constants = a[7]};
}

constexpr Variant kRated = {arrays_of(VbBlock::kArrays), false};
constexpr Variant kNew = {arrays_of(VbNewBlock::kArrays), true};

/// Dense rows that grow by columns.
class Columns {
 public:
  Columns(std::size_t rows, std::size_t columns) : columns_(columns), values_(rows * columns) {}
  double& at(std::size_t row, std::size_t column) { return values_[row * columns_ + column]; }
  MatrixView view() const { return {values_.size() / columns_, columns_, values_}; }
  std::size_t columns() const { return columns_; }

  /// Divides a column by the root of its mean square over the rows that count, after taking the
  /// mean from it, if asked.
  void scale(std::size_t column, std::span<const std::uint32_t> counts, bool centre) {
    double sum = 0.0;
    double squares = 0.0;
    double rows = 0.0;
    for (std::size_t row = 0; row < counts.size(); ++row) {
      if (counts[row] > 0) {
        sum += at(row, column);
        squares += at(row, column) * at(row, column);
        rows += 1.0;
      }
    }
    if (rows == 0.0) {
      return;
    }
    const double mean = sum / rows;
    const double deviation = std::sqrt(std::max(0.0, squares / rows - mean * mean));
    for (std::size_t row = 0; row < counts.size(); ++row) {
      double& value = at(row, column);
      // A row without ratings is an average one: its count says nothing.
      value = counts[row] == 0 ? 0.0 : (value - (centre ? mean : 0.0)) / std::max(deviation, 1e-9);
    }
  }

 private:
  std::size_t columns_;
  std::vector<double> values_;
};

/// The popularity feature as an average rating sees it.
double popularity_of_a_rating(std::span<const std::uint32_t> item_counts) {
  double sum = 0.0;
  double count = 0.0;
  for (const std::uint32_t n : item_counts) {
    sum += static_cast<double>(n) * popularity(n);
    count += static_cast<double>(n);
  }
  return count > 0.0 ? sum / count : popularity(0);
}

class Features {
 public:
  Features(const TrainingSet& set, const VbOptions& options, bool new_items)
      : set_(set),
        tags_(set.tags != nullptr ? &set.derived.components(
                                        *set.tags, static_cast<std::size_t>(options.tag_components))
                                  : nullptr),
        implicit_(new_items ? nullptr : &set.derived.implicit(set.ratings, set.threads)),
        tag_count_(tags_ != nullptr ? tags_->count : 0),
        unseen_popularity_(new_items ? popularity_of_a_rating(set.means.item_count)
                                     : popularity(0)) {}

  std::size_t tag_count() const { return tag_count_; }
  const TagComponents* tags() const { return tags_; }
  double unseen_popularity() const { return unseen_popularity_; }

  /// [1, tags, popularity, similarity]
  Columns of_items() const {
    const std::size_t similar = implicit_ != nullptr ? implicit_->count : 0;
    Columns rows(set_.ratings.items(), 2 + tag_count_ + similar);
    const std::vector<double> similarity =
        implicit_ != nullptr ? similarity_features(*implicit_, set_.means.item_count)
                             : std::vector<double>();
    for (std::size_t item = 0; item < set_.ratings.items(); ++item) {
      const std::uint32_t count = set_.means.item_count[item];
      rows.at(item, 0) = 1.0;
      for (std::size_t k = 0; k < tag_count_; ++k) {
        rows.at(item, 1 + k) = tags_->scores[item * tag_count_ + k];
      }
      rows.at(item, 1 + tag_count_) = count == 0 ? unseen_popularity_ : popularity(count);
      for (std::size_t k = 0; k < similar; ++k) {
        rows.at(item, 2 + tag_count_ + k) = similarity[item * similar + k];
      }
    }
    return rows;
  }

  /// [1, number of ratings, what they rate, the tags of that]
  Columns of_users() const {
    const std::size_t implicit =
        implicit_ != nullptr ? std::min(kImplicitOfUsers, implicit_->count) : 0;
    const auto& counts = set_.means.user_count;
    Columns rows(set_.ratings.users(), 2 + implicit + tag_count_);
    const std::vector<double> usual = usual_tags();
    for (std::size_t user = 0; user < set_.ratings.users(); ++user) {
      rows.at(user, 0) = 1.0;
      rows.at(user, 1) = std::log1p(static_cast<double>(counts[user]));
      for (std::size_t k = 0; k < implicit; ++k) {
        rows.at(user, 2 + k) =
            implicit_->users[user * implicit_->count + k] * implicit_->singular[k];
      }
      for (const std::uint32_t item : set_.ratings.by_user.indices_of(user)) {
        for (std::size_t k = 0; k < tag_count_; ++k) {
          rows.at(user, 2 + implicit + k) += (tags_->scores[item * tag_count_ + k] - usual[k]) /
                                             (static_cast<double>(counts[user]) + kAverageItems);
        }
      }
    }
    rows.scale(1, counts, true);
    for (std::size_t column = 2; column < rows.columns(); ++column) {
      rows.scale(column, counts, false);
    }
    return rows;
  }

 private:
  static constexpr double kAverageItems = 5.0;  // that every user is taken to have rated besides

  std::vector<double> usual_tags() const {
    std::vector<double> usual(tag_count_);
    double count = 0.0;
    for (std::size_t item = 0; item < set_.ratings.items(); ++item) {
      const auto n = static_cast<double>(set_.means.item_count[item]);
      count += n;
      for (std::size_t k = 0; k < tag_count_; ++k) {
        usual[k] += n * tags_->scores[item * tag_count_ + k];
      }
    }
    for (double& value : usual) {
      value /= std::max(count, 1.0);
    }
    return usual;
  }

  const TrainingSet& set_;
  const TagComponents* tags_;
  const ImplicitSvd* implicit_;
  std::size_t tag_count_;
  double unseen_popularity_;
};

/// What a tag adds to an item's prior: the map of tags to components, times the components' rows.
std::vector<double> prior_of_tags(const TagComponents* tags, std::span<const double> prior,
                                  std::size_t n) {
  std::vector<double> result(tags != nullptr ? tags->tags * n : 0);
  for (std::size_t row = 0; row * n < result.size(); ++row) {
    for (std::size_t c = 0; c < tags->count; ++c) {
      const double share = tags->basis[row * tags->count + c];
      if (share != 0.0) {
        for (std::size_t k = 0; k < n; ++k) {
          result[row * n + k] += share * prior[(1 + c) * n + k];
        }
      }
    }
  }
  return result;
}

Parameters fit_variant(const Variant& variant, const TrainingSet& set, const VbOptions& options,
                       VbSummary& summary) {
  const auto begun = std::chrono::steady_clock::now();
  const Features features(set, options, variant.new_items);
  const Columns items = features.of_items();
  const Columns users = features.of_users();
  VbFit fit = fit_vb({.ratings = set.ratings,
                      .global_mean = set.means.global,
                      .item_features = items.view(),
                      .user_features = users.view(),
                      .factors = static_cast<std::size_t>(options.factors),
                      .sweeps = options.sweeps,
                      .seed = options.seed,
                      .threads = set.threads});
  const std::size_t n = fit.dimensions;
  std::vector<double> priors(5 * n);
  const auto set_row = [&](Prior row, const double* from) {
    std::copy_n(from, n, priors.begin() + static_cast<std::ptrdiff_t>(row * n));
  };
  set_row(item_mean, fit.items.prior.data());
  set_row(item_popularity, fit.items.prior.data() + (1 + features.tag_count()) * n);
  set_row(item_variance, fit.items.prior_variance.data());
  set_row(user_mean, fit.users.prior.data());
  set_row(user_variance, fit.users.prior_variance.data());
  summary = {.train_rmse = fit.train_rmse, .noise = 1.0 / std::sqrt(fit.typical_precision)};
  const VbArrays& arrays = variant.arrays;
  Parameters parameters;
  parameters.add(arrays.users, std::move(fit.users.mean), n);
  parameters.add(arrays.items, std::move(fit.items.mean), n);
  parameters.add(arrays.user_variance, std::move(fit.users.variance), n);
  parameters.add(arrays.item_variance, std::move(fit.items.variance), n);
  parameters.add(arrays.precision, std::move(fit.precision));
  parameters.add(arrays.tag_prior, prior_of_tags(features.tags(), fit.items.prior, n), n);
  parameters.add(arrays.priors, std::move(priors), n);
  parameters.add(arrays.constants,
                 std::vector<double>{features.unseen_popularity(), fit.typical_precision});
  summary.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  return parameters;
}

class VbPredictor final : public MeansBasedBlock {
 public:
  VbPredictor(const VbArrays& arrays, Parameters parameters, const ModelData& data)
      : MeansBasedBlock(data),
        tags_(data.tags),
        parameters_(std::move(parameters)),
        users_(parameters_.matrix(arrays.users)),
        items_(parameters_.matrix(arrays.items)),
        tag_prior_(parameters_.matrix(arrays.tag_prior)),
        priors_(parameters_.matrix(arrays.priors)),
        user_variance_(parameters_.matrix(arrays.user_variance)),
        item_variance_(parameters_.matrix(arrays.item_variance)),
        precision_(parameters_.vector(arrays.precision)),
        unseen_popularity_(parameters_.vector(arrays.constants)[0]),
        typical_precision_(parameters_.vector(arrays.constants)[1]) {}

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
  std::span<const double> row_of(std::uint32_t user) const {
    return unseen_user(user) || user >= users_.rows ? priors_.row(user_mean) : users_.row(user);
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
};

std::vector<Figure> describe_variant(const VbArrays& arrays, const Parameters& parameters) {
  const std::size_t n = parameters.matrix(arrays.priors).columns;
  const auto constants = parameters.vector(arrays.constants);
  return {{.name = "factors", .value = static_cast<double>(n == 0 ? 0 : n - 1), .whole = true},
          {.name = "noise", .value = constants.empty() ? 0.0 : 1.0 / std::sqrt(constants[1])}};
}

}  // namespace

void VbOptions::visit_as(const OptionGroup& group, FieldVisitor& visitor) {
  visitor.enter(group);
  visitor.whole({"factors", "Factors of every user and item"}, {1, 256}, factors);
  visitor.whole({"sweeps", "Each solves all items and all users"}, {2, 10'000}, sweeps);
  visitor.whole(
      {"tag-components", "Where there are more tags, their so many leading principal components"},
      {1, 1000}, tag_components);
}

std::vector<Figure> VbSummary::figures() const {
  return {{.name = "train_rmse", .value = train_rmse}, {.name = "noise", .value = noise}};
}

std::string VbSummary::sentence() const {
  char text[100];
  std::snprintf(text, sizeof text, "training RMSE %.4f, noise %.4f, %.1f s", train_rmse, noise,
                seconds);
  return text;
}

Parameters VbBlock::fit(const TrainingSet& set, const Options& options, const Parameters& /*start*/,
                        Summary& summary) {
  return fit_variant(kRated, set, options, summary);
}

std::unique_ptr<Block> VbBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<VbPredictor>(kRated.arrays, parameters, data);
}

std::vector<Figure> VbBlock::describe(const Parameters& parameters) {
  return describe_variant(kRated.arrays, parameters);
}

Parameters VbNewBlock::fit(const TrainingSet& set, const Options& options,
                           const Parameters& /*start*/, Summary& summary) {
  return fit_variant(kNew, set, options, summary);
}

std::unique_ptr<Block> VbNewBlock::open(const Parameters& parameters, const ModelData& data) {
  return std::make_unique<VbPredictor>(kNew.arrays, parameters, data);
}

std::vector<Figure> VbNewBlock::describe(const Parameters& parameters) {
  return describe_variant(kNew.arrays, parameters);
}

}  // namespace balse
