#include "model/blocks/vb/vb_entities.hpp"

#include <algorithm>

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

Eigen::MatrixXd scaled_identity(std::size_t n, double scale) {
  const auto size = static_cast<Eigen::Index>(n);
  return scale * Eigen::MatrixXd::Identity(size, size);
}

}  // namespace

VbEntities::VbEntities(const RatingRows& rows, const MatrixView& features, std::size_t dimensions)
    : rows_(rows),
      features_(features.values.data(), static_cast<Eigen::Index>(features.rows),
                static_cast<Eigen::Index>(features.columns)),
      n_(dimensions),
      packed_size_(PosteriorKernels::packed_size(dimensions)),
      seen_(seen_rows(rows)),
      seen_features_(static_cast<Eigen::Index>(seen_.size()), features_.cols()),
      mean_(rows.rows() * n_),
      variance_(rows.rows() * n_),
      record_(rows.rows() * record_size()),
      prior_mean_(rows.rows() * n_),
      weights_(RowMatrix::Zero(features_.cols(), static_cast<Eigen::Index>(n_))),
      precision_(scaled_identity(n_, kStartPrecision)),
      covariance_(scaled_identity(n_, 1.0 / kStartPrecision)) {
  for (std::size_t k = 0; k < seen_.size(); ++k) {
    seen_features_.row(static_cast<Eigen::Index>(k)) = features_.row(seen_[k]);
  }
  gram_ = seen_features_.transpose() * seen_features_;
}

void VbEntities::start(Random& random) {
  const std::vector<double> covariance = packed(scaled_identity(n_, kStartVariance));
  for (std::size_t r = 0; r < rows_.rows(); ++r) {
    for (std::size_t k = 0; k + 1 < n_; ++k) {
      mean(r)[k] = kStartScale * random.normal();
    }
    set_covariance(r, covariance.data());
  }
}

void VbEntities::set_covariance(std::size_t r, const double* covariance) {
  const double* const x = mean(r);
  double* const variance = variance_.data() + r * n_;
  double* const record = record_.data() + r * record_size();
  double* out = record;
  const double* row = covariance;
  for (std::size_t i = 0; i + 1 < n_; out += i + 1, row += i + 1, ++i) {
    for (std::size_t j = 0; j <= i; ++j) {
      out[j] = x[i] * x[j] + row[j];
    }
    variance[i] = row[i];
  }
  std::copy_n(x, n_ - 1, out);
  out[n_ - 1] = 1.0;
  std::copy_n(row, n_, record + crosses_at());
  variance[n_ - 1] = row[n_ - 1];
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
  RowMatrix x(static_cast<Eigen::Index>(seen_.size()), n);
  for (std::size_t k = 0; k < seen_.size(); ++k) {
    x.row(static_cast<Eigen::Index>(k)) = Eigen::Map<const Eigen::RowVectorXd>(mean(seen_[k]), n);
  }
  Eigen::VectorXd ridge = Eigen::VectorXd::Constant(features_.cols(), ridge_);
  ridge[0] = kInterceptRidge;
  Eigen::MatrixXd system = gram_;
  system.diagonal() += ridge;
  const Eigen::MatrixXd inverse = inverse_of(system);
  weights_ = inverse * (seen_features_.transpose() * x);
  const RowMatrix left = x - seen_features_ * weights_;
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
  Eigen::Map<RowMatrix>(prior_mean_.data(), features_.rows(), n) = features_ * weights_;
}

VbSide VbEntities::settled() {
  const Eigen::VectorXd variance = covariance_.diagonal();
  for (std::size_t r = 0; r < rows_.rows(); ++r) {
    if (rows_.count(r) == 0) {
      std::copy_n(prior_mean_.data() + r * n_, n_, mean(r));
      std::copy_n(variance.data(), n_, variance_.data() + r * n_);
    }
  }
  return {.mean = mean_,
          .variance = variance_,
          .prior = {weights_.data(), weights_.data() + weights_.size()},
          .prior_variance = {variance.data(), variance.data() + variance.size()}};
}

}  // namespace balse
