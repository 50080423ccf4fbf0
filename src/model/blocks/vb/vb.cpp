#include "model/blocks/vb/vb.hpp"

#include <algorithm>
#include <cmath>
#include <span>

#include <Eigen/Dense>

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/kernels/aligned_numbers.hpp"
#include "model/kernels/posterior_kernels.hpp"

namespace balse {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using ConstRowMap = Eigen::Map<const RowMatrix>;
using RowMap = Eigen::Map<RowMatrix>;

constexpr std::size_t kBatch = PosteriorKernels::kBatch;
constexpr std::size_t kBatchesPerRange = 16;

/// Users or items: what is known of them, and what the other side needs of them.
class Side {
 public:
  Side(const RatingRows& rows, const MatrixView& features, std::size_t dimensions, int threads)
      : rows_(rows),
        features_(features.values.data(), static_cast<Eigen::Index>(features.rows),
                  static_cast<Eigen::Index>(features.columns)),
        n_(dimensions),
        packed_(PosteriorKernels::packed_size(dimensions)),
        threads_(threads),
        mean(rows.rows() * dimensions),
        variance(rows.rows() * dimensions, kStartVariance),
        moment(rows.rows() * packed_),
        cross(rows.rows() * dimensions),
        prior_mean(rows.rows() * dimensions),
        weights(RowMatrix::Zero(features_.cols(), static_cast<Eigen::Index>(dimensions))),
        precision(kStartPrecision *
                  Eigen::MatrixXd::Identity(static_cast<Eigen::Index>(dimensions),
                                            static_cast<Eigen::Index>(dimensions))),
        covariance(precision.inverse()),
        covariance_sum(packed_) {
    for (std::size_t r = 0; r < rows.rows(); ++r) {
      if (rows.count(r) > 0) {
        seen_.push_back(static_cast<std::uint32_t>(r));
      }
    }
    seen_features_.resize(static_cast<Eigen::Index>(seen_.size()), features_.cols());
    for (std::size_t k = 0; k < seen_.size(); ++k) {
      seen_features_.row(static_cast<Eigen::Index>(k)) = features_.row(seen_[k]);
    }
    gram_ = seen_features_.transpose() * seen_features_;
  }

  void start(Random& random) {
    for (std::size_t r = 0; r < rows_.rows(); ++r) {
      double* const x = mean.data() + r * n_;
      for (std::size_t k = 0; k + 1 < n_; ++k) {
        x[k] = kStartScale * random.normal();
      }
      std::vector<double> covariance_of_start(packed_, 0.0);
      for (std::size_t k = 0; k < n_; ++k) {
        covariance_of_start[PosteriorKernels::packed_size(k) + k] = kStartVariance;
      }
      set_moments(r, covariance_of_start.data(), 1);
    }
  }

  const std::vector<std::uint32_t>& seen() const { return seen_; }
  const RatingRows& rows() const { return rows_; }
  std::size_t dimensions() const { return n_; }
  std::size_t packed() const { return packed_; }

  /// What the other side needs of row r: the expectation of [factors; 1][factors; 1]', and the
  /// covariances of the bias. Number k of the posterior covariance lies at covariance[k * stride].
  void set_moments(std::size_t r, const double* covariance_of_r, std::size_t stride) {
    const double* const x = mean.data() + r * n_;
    double* out = moment.data() + r * packed_;
    double* const var = variance.data() + r * n_;
    std::size_t k = 0;
    for (std::size_t i = 0; i + 1 < n_; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        out[k] = x[i] * x[j] + covariance_of_r[k * stride];
      }
      var[i] = covariance_of_r[(k - 1) * stride];
    }
    double* const cross_of_r = cross.data() + r * n_;
    for (std::size_t j = 0; j + 1 < n_; ++j, ++k) {
      out[k] = x[j];
      cross_of_r[j] = covariance_of_r[k * stride];
    }
    out[k] = 1.0;
    cross_of_r[n_ - 1] = covariance_of_r[k * stride];
    var[n_ - 1] = covariance_of_r[k * stride];
  }

  /// W, L and the ridge of W that fit today's posteriors best, a step of each.
  void learn_prior() {
    const auto count = static_cast<double>(seen_.size());
    const auto dimensions = static_cast<double>(n_);
    RowMatrix x(static_cast<Eigen::Index>(seen_.size()), static_cast<Eigen::Index>(n_));
    for (std::size_t k = 0; k < seen_.size(); ++k) {
      x.row(static_cast<Eigen::Index>(k)) = Eigen::Map<const Eigen::RowVectorXd>(
          mean.data() + seen_[k] * n_, static_cast<Eigen::Index>(n_));
    }
    Eigen::VectorXd ridge = Eigen::VectorXd::Constant(features_.cols(), ridge_);
    ridge[0] = kInterceptRidge;
    Eigen::MatrixXd system = gram_;
    system.diagonal() += ridge;
    const Eigen::MatrixXd inverse =
        system.llt().solve(Eigen::MatrixXd::Identity(features_.cols(), features_.cols()));
    weights = inverse * (seen_features_.transpose() * x);
    const RowMatrix left = x - seen_features_ * weights;
    Eigen::MatrixXd scatter = left.transpose() * left;
    std::size_t k = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        const auto a = static_cast<Eigen::Index>(i);
        const auto b = static_cast<Eigen::Index>(j);
        scatter(a, b) += covariance_sum[k];
        if (a != b) {
          scatter(b, a) += covariance_sum[k];
        }
      }
    }
    scatter += weights.transpose() * ridge.asDiagonal() * weights;
    scatter.diagonal().array() += kScatterShrinkage;
    covariance = scatter / (count + 1.0);
    precision = covariance.llt().solve(Eigen::MatrixXd::Identity(scatter.rows(), scatter.cols()));
    const Eigen::Index further = features_.cols() - 1;
    if (further > 0) {
      const RowMatrix slopes = weights.bottomRows(further);
      const double fit = (slopes * precision).cwiseProduct(slopes).sum();
      const double doubt = dimensions * inverse.diagonal().tail(further).sum();
      ridge_ = std::clamp(static_cast<double>(further) * dimensions / (fit + doubt), kLeastRidge,
                          kMostRidge);
    }
    RowMap(prior_mean.data(), features_.rows(), static_cast<Eigen::Index>(n_)) =
        features_ * weights;
  }

  /// Those without ratings are what their features say.
  void settle_unseen() {
    for (std::size_t r = 0; r < rows_.rows(); ++r) {
      if (rows_.count(r) == 0) {
        for (std::size_t k = 0; k < n_; ++k) {
          mean[r * n_ + k] = prior_mean[r * n_ + k];
          variance[r * n_ + k] =
              covariance(static_cast<Eigen::Index>(k), static_cast<Eigen::Index>(k));
        }
      }
    }
  }

  VbSide result() const {
    const Eigen::VectorXd diagonal = covariance.diagonal();
    return {.mean = mean,
            .variance = variance,
            .prior = {weights.data(), weights.data() + weights.size()},
            .prior_variance = {diagonal.data(), diagonal.data() + diagonal.size()}};
  }

 private:
  static constexpr double kStartScale = 0.3;
  static constexpr double kStartVariance = 0.1;
  static constexpr double kStartPrecision = 5.0;
  static constexpr double kInterceptRidge = 0.01;
  static constexpr double kScatterShrinkage = 0.5;
  static constexpr double kLeastRidge = 0.01;
  static constexpr double kMostRidge = 1e5;

  const RatingRows& rows_;
  ConstRowMap features_;
  std::size_t n_;
  std::size_t packed_;
  int threads_;
  std::vector<std::uint32_t> seen_;
  RowMatrix seen_features_;
  Eigen::MatrixXd gram_;
  double ridge_ = 1.0;

 public:
  std::vector<double> mean;        // rows x n
  std::vector<double> variance;    // rows x n
  std::vector<double> moment;      // rows x packed
  std::vector<double> cross;       // rows x n: covariances of the bias with all, its variance last
  std::vector<double> prior_mean;  // rows x n: W' f
  RowMatrix weights;
  Eigen::MatrixXd precision;
  Eigen::MatrixXd covariance;
  std::vector<double> covariance_sum;  // packed: of the posteriors of all seen
};

class VbSolver {
 public:
  explicit VbSolver(const VbProblem& problem)
      : problem_(problem),
        threads_(resolve_threads(problem.threads)),
        kernels_(posterior_kernels(best_instruction_set())),
        users_(problem.ratings.by_user, problem.user_features, problem.factors + 1, threads_),
        items_(problem.ratings.by_item, problem.item_features, problem.factors + 1, threads_),
        weight_(problem.ratings.users(), 1.0),
        error_(problem.ratings.users()),
        squares_(problem.ratings.users()) {}

  VbFit run() {
    Random random(problem_.seed);
    users_.start(random);
    items_.start(random);
    for (int sweep = 0; sweep < problem_.sweeps; ++sweep) {
      update(items_, users_, false);
      if (sweep > 0) {
        items_.learn_prior();
      }
      update(users_, items_, true);
      if (sweep > 0) {
        users_.learn_prior();
      }
      learn_noise();
    }
    users_.settle_unseen();
    items_.settle_unseen();
    VbFit fit{.dimensions = problem_.factors + 1,
              .users = users_.result(),
              .items = items_.result(),
              .precision = weight_,
              .typical_precision = alpha_};
    double squares = 0.0;
    for (const double of_user : squares_) {
      squares += of_user;
    }
    fit.train_rmse =
        std::sqrt(squares / std::max<double>(1.0, static_cast<double>(problem_.ratings.size())));
    for (double& value : fit.precision) {
      value *= alpha_;
    }
    return fit;
  }

 private:
  /// Sums over the ratings of one user or item.
  struct Sums {
    std::vector<double> moments;  // of the others' moments, weighted
    std::vector<double> right;    // n
    std::vector<double> crosses;  // of the others' cross covariances
  };

  struct Workspace {
    Workspace(std::size_t n, std::size_t packed)
        : system(packed * kBatch), inverse(packed * kBatch), sums(kBatch) {
      for (Sums& s : sums) {
        s = {std::vector<double>(packed), std::vector<double>(n), std::vector<double>(n)};
      }
    }
    AlignedNumbers system;
    AlignedNumbers inverse;
    std::vector<Sums> sums;
  };

  void collect(const Side& side, const Side& others, std::uint32_t row, bool of_users,
               Sums& sums) const {
    const std::size_t n = side.dimensions();
    std::fill(sums.moments.begin(), sums.moments.end(), 0.0);
    std::fill(sums.right.begin(), sums.right.end(), 0.0);
    std::fill(sums.crosses.begin(), sums.crosses.end(), 0.0);
    const auto columns = side.rows().indices_of(row);
    const auto values = side.rows().values_of(row);
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const std::uint32_t other = columns[k];
      const double weight = of_users ? 1.0 : weight_[other];
      const double* const x = others.mean.data() + other * n;
      const double left = weight * (double{values[k]} - problem_.global_mean - x[n - 1]);
      const double* const cross = others.cross.data() + other * n;
      kernels_.add(side.packed(), weight, others.moment.data() + other * side.packed(),
                   sums.moments.data());
      for (std::size_t i = 0; i + 1 < n; ++i) {
        sums.right[i] += left * x[i] - weight * cross[i];
        sums.crosses[i] += cross[i];
      }
      sums.right[n - 1] += left;
      sums.crosses[n - 1] += cross[n - 1];
    }
  }

  /// The posteriors of one side given the other's, and of users what their ratings leave over.
  void update(Side& side, const Side& others, bool of_users) {
    const std::size_t n = side.dimensions();
    const std::size_t packed = side.packed();
    const auto& seen = side.seen();
    std::vector<double> precision(packed);
    std::size_t at = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j) {
        precision[at++] =
            side.precision(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j));
      }
    }
    const RowMatrix pull =
        ConstRowMap(side.prior_mean.data(), static_cast<Eigen::Index>(side.rows().rows()),
                    static_cast<Eigen::Index>(n)) *
        side.precision;
    constexpr std::size_t kRows = kBatch * kBatchesPerRange;
    std::vector<double> sums_of_ranges((seen.size() + kRows - 1) / kRows * packed);
    parallel_ranges(seen.size(), kRows, threads_, [&](std::size_t begin, std::size_t end) {
      Workspace work(n, packed);
      double* const covariance_sum = sums_of_ranges.data() + begin / kRows * packed;
      for (std::size_t first = begin; first < end; first += kBatch) {
        const std::size_t filled = std::min(kBatch, end - first);
        for (std::size_t lane = 0; lane < kBatch; ++lane) {
          // Lanes left over repeat the last system.
          const std::uint32_t row = seen[first + std::min(lane, filled - 1)];
          Sums& sums = work.sums[lane];
          if (lane < filled) {
            collect(side, others, row, of_users, sums);
          }
          const Sums& its = work.sums[std::min(lane, filled - 1)];
          const double scale = of_users ? alpha_ * weight_[row] : alpha_;
          for (std::size_t k = 0; k < packed; ++k) {
            work.system.data()[k * kBatch + lane] = precision[k] + scale * its.moments[k];
          }
        }
        kernels_.invert(n, work.system.data(), work.inverse.data());
        for (std::size_t lane = 0; lane < filled; ++lane) {
          const std::uint32_t row = seen[first + lane];
          finish(side, others, row, of_users, pull, work.sums[lane], work.system.data() + lane,
                 covariance_sum);
        }
      }
    });
    std::fill(side.covariance_sum.begin(), side.covariance_sum.end(), 0.0);
    for (std::size_t k = 0; k < sums_of_ranges.size(); ++k) {
      side.covariance_sum[k % packed] += sums_of_ranges[k];
    }
  }

  void finish(Side& side, const Side& others, std::uint32_t row, bool of_users,
              const RowMatrix& pull, Sums& sums, const double* inverse, double* covariance_sum) {
    const std::size_t n = side.dimensions();
    const double scale = of_users ? alpha_ * weight_[row] : alpha_;
    double* const x = side.mean.data() + row * n;
    for (std::size_t i = 0; i < n; ++i) {
      sums.right[i] = pull(row, static_cast<Eigen::Index>(i)) + scale * sums.right[i];
      x[i] = 0.0;
    }
    std::size_t k = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < i; ++j, ++k) {
        x[i] += inverse[k * kBatch] * sums.right[j];
        x[j] += inverse[k * kBatch] * sums.right[i];
        covariance_sum[k] += inverse[k * kBatch];
      }
      x[i] += inverse[k * kBatch] * sums.right[i];
      covariance_sum[k] += inverse[k * kBatch];
      ++k;
    }
    side.set_moments(row, inverse, kBatch);
    if (of_users) {
      measure(others, row, x, sums, inverse);
    }
  }

  /// The expected squared error of a user's ratings: that of the means, and what the posteriors'
  /// covariances add,
  ///     phi_u' S_j phi_u + phi_j' S_u phi_j + tr(S_u^ff S_j^ff), summed over the ratings,
  /// which is tr(S_u G) + u' (G^ff - sum of v v') u + 2 u . sum of cov_j(v, b) + sum of var_j(b)
  /// for G, the sum of the items' moments.
  void measure(const Side& others, std::uint32_t user, const double* x, const Sums& sums,
               const double* inverse) {
    const std::size_t n = others.dimensions();
    const auto columns = users_.rows().indices_of(user);
    const auto values = users_.rows().values_of(user);
    double squares = 0.0;
    double dots = 0.0;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double* const y = others.mean.data() + columns[k] * n;
      double dot = 0.0;
      for (std::size_t i = 0; i + 1 < n; ++i) {
        dot += x[i] * y[i];
      }
      const double left = double{values[k]} - problem_.global_mean - x[n - 1] - y[n - 1] - dot;
      squares += left * left;
      dots += dot * dot;
    }
    double trace = 0.0;
    double quadratic = 0.0;
    std::size_t k = 0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j <= i; ++j, ++k) {
        const double twice = i == j ? 1.0 : 2.0;
        trace += twice * inverse[k * kBatch] * sums.moments[k];
        quadratic += i + 1 < n ? twice * x[i] * x[j] * sums.moments[k] : 0.0;
      }
    }
    double crosses = sums.crosses[n - 1];
    for (std::size_t i = 0; i + 1 < n; ++i) {
      crosses += 2.0 * x[i] * sums.crosses[i];
    }
    squares_[user] = squares;
    error_[user] = squares + trace + (quadratic - dots) + crosses;
  }

  void learn_noise() {
    constexpr double kAverageRatings = 5.0;  // that every user is taken to have given besides
    double sum = 0.0;
    for (const std::uint32_t user : users_.seen()) {
      const auto count = static_cast<double>(users_.rows().count(user));
      weight_[user] = (kAverageRatings + count) / (kAverageRatings + alpha_ * error_[user]);
      sum += weight_[user] * error_[user];
    }
    if (sum > 0.0) {
      alpha_ = static_cast<double>(problem_.ratings.size()) / sum;
    }
  }

  const VbProblem& problem_;
  int threads_;
  const PosteriorKernels& kernels_;
  Side users_;
  Side items_;
  double alpha_ = 1.0;
  std::vector<double> weight_;   // w_u
  std::vector<double> error_;    // expected squared error, by user
  std::vector<double> squares_;  // squared error of the means, by user
};

}  // namespace

VbFit fit_vb(const VbProblem& problem) {
  return VbSolver(problem).run();
}

}  // namespace balse
