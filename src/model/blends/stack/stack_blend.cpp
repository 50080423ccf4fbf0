#include "model/blends/stack/stack_blend.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <utility>

#include <Eigen/Dense>

namespace balse {
namespace {

constexpr std::size_t kRatedParts = StackBlend::kParts.size();
constexpr std::size_t kNewParts = StackBlend::kNewItemParts.size();
constexpr std::size_t kAllParts = kRatedParts + kNewParts;
constexpr std::size_t kNewDeviation =
    1;  // the part for new items that knows how sure it is: vb-new

using RatedFeatures = std::array<double, StackBlend::kFeatures>;
using NewFeatures = std::array<double, StackBlend::kNewFeatures>;

double of_user(std::uint32_t count) {
  return (std::log1p(static_cast<double>(count)) - 4.0) / 1.3;
}
double of_item(std::uint32_t count) {
  return (std::log1p(static_cast<double>(count)) - 3.0) / 1.5;
}

RatedFeatures rated_features(double item, double user, std::uint32_t item_count) {
  return {1.0, item, user, item_count == 0 ? 1.0 : 0.0,
          item_count == 1 || item_count == 2 ? 1.0 : 0.0};
}

/// Ridge regression of what rated or new items' first part leaves over, by normal equations alone:
/// memory does not grow with the ratings.
class Regression {
 public:
  Regression(std::size_t features, std::size_t parts) : features_(features), parts_(parts) {}

  /// predictions[0] is what the others are measured against.
  void add(std::span<const double> h, std::span<const double> predictions, double rating) {
    if (rows_ == 0) {
      const auto is_there = [&](std::size_t m) { return !std::isnan(predictions[m]); };
      while (used_.size() < parts_ && is_there(used_.size())) {
        used_.push_back(used_.size());
      }
      // Without tags most are missing, and the first is better than what is left.
      if (used_.size() < parts_ && used_.size() > 1) {
        used_.erase(used_.begin() + 1, used_.end());
      }
      const auto width = static_cast<Eigen::Index>(features_ * used_.size());
      row_ = Eigen::VectorXd::Zero(width);
      folds_.fill({Eigen::MatrixXd::Zero(width, width), Eigen::VectorXd::Zero(width), 0.0});
    }
    if (used_.empty() || used_.front() != 0) {
      return;
    }
    Eigen::Index at = 0;
    for (const std::size_t m : used_) {
      const double scale = m == 0 ? 1.0 : predictions[m] - predictions[0];
      for (const double value : h) {
        row_[at++] = value * scale;
      }
    }
    Equations& fold = folds_[rows_ % kFolds];
    const double y = rating - predictions[0];
    fold.gram.noalias() += row_ * row_.transpose();
    fold.right += y * row_;
    fold.squares += y * y;
    ++rows_;
  }

  std::size_t rows() const { return rows_; }
  bool uses(std::size_t m) const { return std::find(used_.begin(), used_.end(), m) != used_.end(); }

  /// theta for all parts, zero for those that are not used, of the ridge among `ridges` that
  /// cross-validation likes best, and its RMSE there.
  std::vector<double> solve(std::span<const double> ridges, double& ridge, double& rmse) const {
    std::vector<double> theta(features_ * parts_);
    if (rows_ == 0 || used_.size() < 2) {  // the first part alone
      double squares = 0.0;
      for (const Equations& fold : folds_) {
        squares += fold.squares;
      }
      rmse = rows_ > 0 ? std::sqrt(squares / static_cast<double>(rows_)) : 0.0;
      return theta;
    }
    Equations all = {0.0 * folds_[0].gram, 0.0 * folds_[0].right, 0.0};
    for (const Equations& fold : folds_) {
      all.gram += fold.gram;
      all.right += fold.right;
    }
    double best = INFINITY;
    for (const double lambda : ridges) {
      double squares = 0.0;
      for (const Equations& fold : folds_) {
        const Eigen::VectorXd b = solution(all.gram - fold.gram, all.right - fold.right, lambda);
        squares += fold.squares - 2.0 * b.dot(fold.right) + b.dot(fold.gram * b);
      }
      if (squares < best) {
        best = squares;
        ridge = lambda;
      }
    }
    rmse = std::sqrt(std::max(0.0, best) / static_cast<double>(rows_));
    const Eigen::VectorXd b = solution(all.gram, all.right, ridge);
    for (std::size_t k = 0; k < used_.size(); ++k) {
      for (std::size_t f = 0; f < features_; ++f) {
        theta[used_[k] * features_ + f] = b[static_cast<Eigen::Index>(k * features_ + f)];
      }
    }
    return theta;
  }

 private:
  static constexpr std::size_t kFolds = 5;

  struct Equations {
    Eigen::MatrixXd gram;
    Eigen::VectorXd right;
    double squares = 0.0;
  };

  static Eigen::VectorXd solution(Eigen::MatrixXd system, const Eigen::VectorXd& right,
                                  double lambda) {
    system.diagonal().array() += lambda;
    return system.ldlt().solve(right);
  }

  std::size_t features_;
  std::size_t parts_;
  std::size_t rows_ = 0;
  std::vector<std::size_t> used_;
  Eigen::VectorXd row_;
  std::array<Equations, kFolds> folds_;
};

/// How much too sure of itself a part is.
class Deviations {
 public:
  void add(double expected, double error) {
    if (expected > 0.0 && !std::isnan(error)) {
      sum_ += error * error / (expected * expected);
      ++rows_;
    }
  }
  double factor() const { return rows_ == 0 ? 1.0 : std::sqrt(sum_ / static_cast<double>(rows_)); }

 private:
  double sum_ = 0.0;
  std::size_t rows_ = 0;
};

class StackFit final : public BlendFit {
 public:
  StackFit(const StackOptions& options, StackSummary& summary)
      : options_(options), summary_(summary) {}

  void add(HeldOut how, const PairFacts& facts, std::span<const double> predictions,
           double rating) override {
    if (how == HeldOut::items) {
      const NewFeatures h = {1.0, of_user(facts.user_count)};
      new_.add(h, predictions.subspan(kRatedParts), rating);
      new_deviations_.add(facts.deviation, rating - predictions[kRatedParts + kNewDeviation]);
    } else {
      const RatedFeatures h =
          rated_features(of_item(facts.item_count), of_user(facts.user_count), facts.item_count);
      rated_.add(h, predictions.first(kRatedParts), rating);
      rated_deviations_.add(facts.deviation, rating - predictions[0]);
    }
  }

  Parameters finish(const KnownCounts& counts) override {
    const auto begun = std::chrono::steady_clock::now();
    std::vector<double> uses(kAllParts);
    uses[0] = 1.0;
    for (std::size_t m = 0; m < kAllParts; ++m) {
      if (m < kRatedParts ? rated_.uses(m) : new_.rows() > 0 && new_.uses(m - kRatedParts)) {
        uses[m] = 1.0;
      }
    }
    constexpr std::array kRidges = {3.0, 30.0, 300.0};
    double ridge_of_new = 0.0;
    Parameters parameters;
    parameters.add(StackBlend::kRated,
                   rated_.solve(kRidges, summary_.ridge, summary_.validation_rmse));
    parameters.add(StackBlend::kNew, new_.solve(std::array{options_.new_item_ridge}, ridge_of_new,
                                                summary_.new_items_rmse));
    parameters.add(StackBlend::kUses, std::move(uses));
    parameters.add(StackBlend::kDeviation,
                   std::vector<double>{rated_deviations_.factor(), new_deviations_.factor()});
    parameters.add(StackBlend::kItemCounts,
                   std::vector<std::uint32_t>(counts.item.begin(), counts.item.end()));
    parameters.add(StackBlend::kUserCounts,
                   std::vector<std::uint32_t>(counts.user.begin(), counts.user.end()));
    summary_.ratings = rated_.rows();
    summary_.new_items = new_.rows();
    summary_.seconds =
        std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    return parameters;
  }

 private:
  StackOptions options_;
  StackSummary& summary_;
  Regression rated_{StackBlend::kFeatures, kRatedParts};
  Regression new_{StackBlend::kNewFeatures, kNewParts};
  Deviations rated_deviations_;
  Deviations new_deviations_;
};

class Stack final : public Blend {
 public:
  explicit Stack(Parameters parameters)
      : parameters_(std::move(parameters)),
        rated_(parameters_.vector(StackBlend::kRated)),
        new_(parameters_.vector(StackBlend::kNew)),
        uses_(parameters_.vector(StackBlend::kUses)),
        deviation_(parameters_.vector(StackBlend::kDeviation)),
        item_counts_(parameters_.counts(StackBlend::kItemCounts)) {
    for (const std::uint32_t count : parameters_.counts(StackBlend::kUserCounts)) {
      of_users_.push_back(of_user(count));
    }
    for (std::uint32_t count = 0; count < kTabled; ++count) {
      of_items_[count] = of_item(count);
    }
  }

  bool uses(std::size_t part) const override { return uses_[part] != 0.0; }
  bool adds_up() const override { return true; }

  double deviation_factor(std::uint32_t /*user*/, std::uint32_t item,
                          std::size_t& part) const override {
    const bool rated = is_rated(item) || !uses(kRatedParts + kNewDeviation);
    part = rated ? 0 : kRatedParts + kNewDeviation;
    return deviation_[rated ? 0 : 1];
  }

  double weights(std::uint32_t user, std::uint32_t item, std::span<double> out) const override {
    const std::uint32_t count = count_of(item);
    const double of_this_user = user < of_users_.size() ? of_users_[user] : kOfUnseenUser;
    std::fill(out.begin(), out.end(), 0.0);
    if (count == 0 && uses(kRatedParts)) {
      return weigh(new_, NewFeatures{1.0, of_this_user}, out.subspan(kRatedParts));
    }
    const double of_this_item = count < kTabled ? of_items_[count] : of_item(count);
    return weigh(rated_, rated_features(of_this_item, of_this_user, count), out.first(kRatedParts));
  }

  void combine(std::uint32_t user, std::span<const std::uint32_t> items,
               std::span<const std::span<const double>> columns,
               std::span<double> out) const override {
    std::array<double, kAllParts> weight;
    for (std::size_t k = 0; k < items.size(); ++k) {
      double sum = weights(user, items[k], weight);
      for (std::size_t m = 0; m < kAllParts; ++m) {
        if (!columns[m].empty()) {
          sum += weight[m] * columns[m][k];
        }
      }
      out[k] = sum;
    }
  }

 private:
  std::uint32_t count_of(std::uint32_t item) const {
    return item < item_counts_.size() ? item_counts_[item] : 0;
  }
  bool is_rated(std::uint32_t item) const { return count_of(item) > 0; }

  static constexpr std::uint32_t kTabled = 1024;
  static constexpr double kOfUnseenUser = -4.0 / 1.3;

  template <std::size_t size>
  static double weigh(std::span<const double> theta, const std::array<double, size>& h,
                      std::span<double> out) {
    const auto dot = [&](std::size_t m) {
      double sum = 0.0;
      for (std::size_t f = 0; f < size; ++f) {
        sum += theta[m * size + f] * h[f];
      }
      return sum;
    };
    out[0] = 1.0;
    for (std::size_t m = 1; m < out.size(); ++m) {
      out[m] = dot(m);
      out[0] -= out[m];
    }
    return dot(0);
  }

  Parameters parameters_;
  std::span<const double> rated_;
  std::span<const double> new_;
  std::span<const double> uses_;
  std::span<const double> deviation_;
  std::span<const std::uint32_t> item_counts_;
  std::vector<double> of_users_;
  std::array<double, kTabled> of_items_ = {};
};

}  // namespace

std::vector<Figure> StackSummary::figures() const {
  return {{.name = "ridge", .value = ridge},
          {.name = "ratings", .value = static_cast<double>(ratings), .whole = true},
          {.name = "ratings_of_new_items", .value = static_cast<double>(new_items), .whole = true},
          {.name = "validation_rmse", .value = validation_rmse},
          {.name = "new_items_rmse", .value = new_items_rmse}};
}

std::string StackSummary::sentence() const {
  char text[160];
  std::snprintf(text, sizeof text, "RMSE %.4f on validation (%zu ratings)", validation_rmse,
                ratings);
  std::string sentence = ratings > 0 ? text : "";
  if (new_items > 0) {
    std::snprintf(text, sizeof text, "%.4f on items held out whole (%zu ratings)", new_items_rmse,
                  new_items);
    sentence += (ratings > 0 ? ", " : "RMSE ") + std::string(text);
  }
  return sentence;
}

std::unique_ptr<BlendFit> StackBlend::fit(const Options& options, Summary& summary) {
  return std::make_unique<StackFit>(options, summary);
}

std::unique_ptr<Blend> StackBlend::open(const Parameters& parameters) {
  return std::make_unique<Stack>(parameters);
}

}  // namespace balse
