#include "model/blocks/vb/vb_entities.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

#include "balse/support/parallel.hpp"

#include "model/posterior/packed.hpp"

namespace balse {
namespace {

constexpr double kStartScale = 0.3;  // standard deviation of the factors
constexpr double kStartVariance = 0.1;
constexpr double kStartPrecision = 5.0;  // of the prior
constexpr double kInterceptRidge = 0.01;
constexpr double kPriorShrinkage = 0.5;
constexpr double kLeastRidge = 0.01;
constexpr double kMostRidge = 1e5;
constexpr std::size_t kRowsPerRange = 256;

Eigen::MatrixXd scaled_identity(std::size_t n, double scale) {
  const auto size = static_cast<Eigen::Index>(n);
  return scale * Eigen::MatrixXd::Identity(size, size);
}

}  // namespace

VbEntities::VbEntities(const RatingRows& rows, const MatrixView& features, std::size_t dimensions,
                       int threads)
    : rows_(rows),
      threads_(threads),
      kernels_(posterior_kernels(best_instruction_set())),
      features_(features.values.data(), static_cast<Eigen::Index>(features.rows),
                static_cast<Eigen::Index>(features.columns)),
      n_(dimensions),
      seen_(seen_rows(rows)),
      moments_(rows.rows(), dimensions),
      variance_(rows.rows() * n_),
      prior_mean_(rows.rows() * n_),
      weights_(RowMatrix::Zero(features_.cols(), static_cast<Eigen::Index>(n_))),
      precision_(scaled_identity(n_, kStartPrecision)),
      covariance_(scaled_identity(n_, 1.0 / kStartPrecision)) {
  RowMatrix seen(static_cast<Eigen::Index>(seen_.size()), features_.cols());
  for (std::size_t k = 0; k < seen_.size(); ++k) {
    seen.row(static_cast<Eigen::Index>(k)) = features_.row(seen_[k]);
  }
  gram_ = seen.transpose() * seen;
}

void VbEntities::start(Random& random) {
  const std::vector<double> covariance = packed(scaled_identity(n_, kStartVariance));
  for (std::size_t r = 0; r < rows_.rows(); ++r) {
    for (std::size_t k = 0; k + 1 < n_; ++k) {
      moments_.mean(r)[k] = kStartScale * random.normal();
    }
    set_covariance(r, covariance.data());
  }
}

void VbEntities::set_covariance(std::size_t r, const double* covariance) {
  moments_.set_covariance(r, covariance);
  for (std::size_t i = 0, k = 0; i < n_; ++i, k += i + 1) {
    variance_[r * n_ + i] = covariance[k];
  }
}

std::vector<double> VbEntities::prior_precision() const {
  return packed(precision_);
}

VbEntities::RowMatrix VbEntities::prior_pull() const {
  return Eigen::Map<const RowMatrix>(prior_mean_.data(), features_.rows(),
                                     static_cast<Eigen::Index>(n_)) *
         precision_;
}

void VbEntities::learn_prior(const std::vector<double>& covariances) {
  const auto n = static_cast<Eigen::Index>(n_);
  Eigen::VectorXd ridge = Eigen::VectorXd::Constant(features_.cols(), ridge_);
  ridge[0] = kInterceptRidge;
  Eigen::MatrixXd system = gram_;
  system.diagonal() += ridge;
  const Eigen::MatrixXd inverse = inverse_of(system);
  weights_ = inverse * features_times_means();
  predict_means();
  RowMatrix left(static_cast<Eigen::Index>(seen_.size()), n);
  for (std::size_t k = 0; k < seen_.size(); ++k) {
    const double* const x = moments_.mean(seen_[k]);
    const double* const expected = prior_mean_.data() + seen_[k] * n_;
    std::transform(x, x + n_, expected, left.row(static_cast<Eigen::Index>(k)).data(),
                   std::minus());
  }
  Eigen::MatrixXd scatter = left.transpose() * left;
  add_packed(covariances, scatter);
  scatter += weights_.transpose() * ridge.asDiagonal() * weights_;
  scatter.diagonal().array() += kPriorShrinkage;
  covariance_ = scatter / (static_cast<double>(seen_.size()) + 1.0);
  precision_ = inverse_of(covariance_);
  const Eigen::Index slopes = features_.cols() - 1;  // all but the intercept
  if (slopes > 0) {
    const RowMatrix slope = weights_.bottomRows(slopes);
    const double fit = (slope * precision_).cwiseProduct(slope).sum();
    const double doubt = static_cast<double>(n) * inverse.diagonal().tail(slopes).sum();
    ridge_ = std::clamp(static_cast<double>(slopes * n) / (fit + doubt), kLeastRidge, kMostRidge);
  }
}

VbEntities::RowMatrix VbEntities::features_times_means() const {
  const auto columns = static_cast<std::size_t>(features_.cols());
  const std::size_t size = columns * n_;
  std::vector<double> sums((seen_.size() + kRowsPerRange - 1) / kRowsPerRange * size);
  parallel_ranges(seen_.size(), kRowsPerRange, threads_, [&](std::size_t begin, std::size_t end) {
    const double* means[kRowsPerRange] = {};
    double weights[kRowsPerRange] = {};
    for (std::size_t k = begin; k < end; ++k) {
      means[k - begin] = moments_.mean(seen_[k]);
    }
    double* const sum = sums.data() + begin / kRowsPerRange * size;
    for (std::size_t column = 0; column < columns; ++column) {
      for (std::size_t k = begin; k < end; ++k) {
        weights[k - begin] = features_(seen_[k], static_cast<Eigen::Index>(column));
      }
      kernels_.add_rows(n_, end - begin, means, weights, sum + column * n_);
    }
  });
  RowMatrix total = RowMatrix::Zero(features_.cols(), static_cast<Eigen::Index>(n_));
  for (std::size_t k = 0; k < sums.size(); ++k) {
    total.data()[k % size] += sums[k];
  }
  return total;
}

void VbEntities::predict_means() {
  const auto columns = static_cast<std::size_t>(features_.cols());
  std::vector<const double*> weights(columns);
  for (std::size_t column = 0; column < columns; ++column) {
    weights[column] = weights_.data() + column * n_;
  }
  std::fill(prior_mean_.begin(), prior_mean_.end(), 0.0);
  parallel_ranges(rows_.rows(), kRowsPerRange, threads_, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      kernels_.add_rows(n_, columns, weights.data(), features_.data() + r * columns,
                        prior_mean_.data() + r * n_);
    }
  });
}

VbSide VbEntities::settled() {
  const Eigen::VectorXd variance = covariance_.diagonal();
  for (std::size_t r = 0; r < rows_.rows(); ++r) {
    if (rows_.count(r) == 0) {
      std::copy_n(prior_mean_.data() + r * n_, n_, moments_.mean(r));
      std::copy_n(variance.data(), n_, variance_.data() + r * n_);
    }
  }
  return {.mean = moments_.means(),
          .variance = variance_,
          .prior = {weights_.data(), weights_.data() + weights_.size()},
          .prior_variance = {variance.data(), variance.data() + variance.size()},
          .prior_precision = {precision_.data(), precision_.data() + precision_.size()},
          .prior_covariance = {covariance_.data(), covariance_.data() + covariance_.size()}};
}

std::vector<double> VbEntities::correlations() const {
  const std::vector<double> of_prior = packed(covariance_);
  std::vector<double> result;
  for (std::size_t r = 0; r < rows_.rows(); ++r) {
    const std::vector<double> covariance = rows_.count(r) == 0 ? of_prior : moments_.covariance(r);
    const double* row = covariance.data();
    for (std::size_t i = 0; i < n_; row += i + 1, ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        result.push_back(row[j] / std::sqrt(variance_[r * n_ + i] * variance_[r * n_ + j]));
      }
    }
  }
  return result;
}

}  // namespace balse
