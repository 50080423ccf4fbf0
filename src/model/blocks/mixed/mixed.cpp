#include "model/blocks/mixed/mixed.hpp"

#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "balse/support/parallel.hpp"

#include "model/kernels/aligned_numbers.hpp"
#include "model/kernels/posterior_kernels.hpp"

namespace balse {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kBatch = PosteriorKernels::kBatch;
constexpr std::size_t kRowsPerRange = kBatch * 8;
/// Sums of squares of features are kept from sweep to sweep while they take no more than this.
constexpr std::size_t kMostKept = 48U << 20U;  // numbers: 384 MB

constexpr double kStartPrecisionOfIntercept = 2.0;
constexpr double kStartNoise = 1.5;  // alpha = this / variance of y
constexpr double kScatterShrinkage = 0.05;
constexpr double kAverageRatings = 5.0;  // that every user is taken to have given besides
constexpr int kFirstWithVariance = 2;    // the sweep from which on posteriors count as noise

class MixedSolver {
 public:
  explicit MixedSolver(const MixedProblem& problem)
      : problem_(problem),
        threads_(resolve_threads(problem.threads)),
        kernels_(posterior_kernels(best_instruction_set())),
        n_(problem.features.columns),
        packed_(PosteriorKernels::packed_size(n_)),
        moments_(problem.ratings.users()),
        weight_(problem.ratings.users(), 1.0),
        error_(problem.ratings.users()),
        squares_(problem.ratings.users()),
        coefficients_(RowMatrix::Zero(static_cast<Eigen::Index>(problem.ratings.users()),
                                      static_cast<Eigen::Index>(n_))),
        usual_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(n_))),
        precision_(Eigen::VectorXd::Constant(static_cast<Eigen::Index>(n_), problem.start_precision)
                       .asDiagonal()) {
    precision_(0, 0) = kStartPrecisionOfIntercept;
    for (std::size_t user = 0; user < problem.ratings.users(); ++user) {
      if (problem.ratings.by_user.count(user) > 0) {
        seen_.push_back(static_cast<std::uint32_t>(user));
      }
    }
  }

  MixedFit run() {
    prepare();
    for (int sweep = 0; sweep < problem_.sweeps; ++sweep) {
      update(sweep >= kFirstWithVariance);
      learn_prior();
      learn_noise();
    }
    MixedFit fit;
    for (std::size_t user = 0; user < problem_.ratings.users(); ++user) {
      if (problem_.ratings.by_user.count(user) == 0) {
        coefficients_.row(static_cast<Eigen::Index>(user)) = usual_.transpose();
      }
    }
    fit.weights.assign(coefficients_.data(), coefficients_.data() + coefficients_.size());
    fit.usual.assign(usual_.data(), usual_.data() + usual_.size());
    double squares = 0.0;
    for (const double of_user : squares_) {
      squares += of_user;
    }
    fit.train_rmse =
        std::sqrt(squares / std::max<double>(1.0, static_cast<double>(problem_.ratings.size())));
    return fit;
  }

 private:
  /// Sums over a user's ratings: z y, y^2 and, where there is room, z z'.
  struct Moments {
    std::vector<double> right;
    double squares = 0.0;
    std::vector<double> gram;  // packed; empty where it is summed up anew each time
  };

  struct Workspace {
    Workspace(std::size_t n, std::size_t packed)
        : system(packed * kBatch),
          inverse(packed * kBatch),
          gram(kBatch, std::vector<double>(packed)),
          rows(kRowsAtOnce * n) {}
    AlignedNumbers system;
    AlignedNumbers inverse;
    std::vector<std::vector<double>> gram;
    std::vector<double> rows;
  };
  static constexpr std::size_t kRowsAtOnce = 32;

  double target(std::uint32_t user, std::uint32_t item, double rating) const {
    return rating - problem_.constant -
           (problem_.user_offset.empty() ? 0.0 : problem_.user_offset[user]) -
           (problem_.item_offset.empty() ? 0.0 : problem_.item_offset[item]);
  }

  void add_up(std::uint32_t user, std::vector<double>& rows, double* gram) const {
    std::fill_n(gram, packed_, 0.0);
    const auto items = problem_.ratings.by_user.indices_of(user);
    for (std::size_t first = 0; first < items.size(); first += kRowsAtOnce) {
      const std::size_t count = std::min(kRowsAtOnce, items.size() - first);
      for (std::size_t k = 0; k < count; ++k) {
        const auto row = problem_.features.row(items[first + k]);
        std::copy(row.begin(), row.end(), rows.begin() + static_cast<std::ptrdiff_t>(k * n_));
      }
      kernels_.add_squares(n_, count, rows.data(), gram);
    }
  }

  void prepare() {
    const std::size_t room = kMostKept / packed_;
    parallel_ranges(seen_.size(), kRowsPerRange, threads_, [&](std::size_t begin, std::size_t end) {
      std::vector<double> rows(kRowsAtOnce * n_);
      for (std::size_t k = begin; k < end; ++k) {
        const std::uint32_t user = seen_[k];
        Moments& moments = moments_[user];
        moments.right.assign(n_, 0.0);
        const auto items = problem_.ratings.by_user.indices_of(user);
        const auto values = problem_.ratings.by_user.values_of(user);
        for (std::size_t r = 0; r < items.size(); ++r) {
          const double y = target(user, items[r], values[r]);
          kernels_.add(n_, y, problem_.features.row(items[r]).data(), moments.right.data());
          moments.squares += y * y;
        }
        if (k < room) {
          moments.gram.resize(packed_);
          add_up(user, rows, moments.gram.data());
        }
      }
    });
    double sum = 0.0;
    double squares = 0.0;
    for (const std::uint32_t user : seen_) {
      sum += moments_[user].right[0];  // of the intercept: the sum of y
      squares += moments_[user].squares;
    }
    const double count = std::max<double>(1.0, static_cast<double>(problem_.ratings.size()));
    const double variance = squares / count - sum / count * (sum / count);
    alpha_ = variance > 0.0 ? kStartNoise / variance : 1.0;
  }

  void update(bool with_variance) {
    std::vector<double> precision(packed_);
    std::size_t at = 0;
    for (Eigen::Index i = 0; i < precision_.rows(); ++i) {
      for (Eigen::Index j = 0; j <= i; ++j) {
        precision[at++] = precision_(i, j);
      }
    }
    const Eigen::VectorXd pull = precision_ * usual_;
    std::vector<double> sums((seen_.size() + kRowsPerRange - 1) / kRowsPerRange * packed_);
    parallel_ranges(seen_.size(), kRowsPerRange, threads_, [&](std::size_t begin, std::size_t end) {
      Workspace work(n_, packed_);
      double* const covariance_sum = sums.data() + begin / kRowsPerRange * packed_;
      for (std::size_t first = begin; first < end; first += kBatch) {
        const std::size_t filled = std::min(kBatch, end - first);
        const double* grams[kBatch];
        for (std::size_t lane = 0; lane < kBatch; ++lane) {
          const std::size_t used = std::min(lane, filled - 1);  // lanes left over repeat the last
          const std::uint32_t user = seen_[first + used];
          if (lane < filled) {
            if (moments_[user].gram.empty()) {
              add_up(user, work.rows, work.gram[lane].data());
              grams[lane] = work.gram[lane].data();
            } else {
              grams[lane] = moments_[user].gram.data();
            }
          } else {
            grams[lane] = grams[used];
          }
          const double scale = alpha_ * weight_[user];
          for (std::size_t k = 0; k < packed_; ++k) {
            work.system.data()[k * kBatch + lane] = precision[k] + scale * grams[lane][k];
          }
        }
        kernels_.invert(n_, work.system.data(), work.inverse.data());
        for (std::size_t lane = 0; lane < filled; ++lane) {
          finish(seen_[first + lane], grams[lane], work.system.data() + lane, pull, with_variance,
                 covariance_sum);
        }
      }
    });
    covariance_sum_.assign(packed_, 0.0);
    for (std::size_t k = 0; k < sums.size(); ++k) {
      covariance_sum_[k % packed_] += sums[k];
    }
  }

  /// The mean of one user's posterior, given its covariance, and their expected squared error.
  void finish(std::uint32_t user, const double* gram, const double* inverse,
              const Eigen::VectorXd& pull, bool with_variance, double* covariance_sum) {
    const Moments& moments = moments_[user];
    const double scale = alpha_ * weight_[user];
    double* const x = coefficients_.data() + user * n_;
    std::fill_n(x, n_, 0.0);
    std::size_t k = 0;
    const auto right = [&](std::size_t i) {
      return pull[static_cast<Eigen::Index>(i)] + scale * moments.right[i];
    };
    for (std::size_t i = 0; i < n_; ++i) {
      const double right_i = right(i);
      for (std::size_t j = 0; j < i; ++j, ++k) {
        const double s = inverse[k * kBatch];
        x[i] += s * right(j);
        x[j] += s * right_i;
        covariance_sum[k] += s;
      }
      x[i] += inverse[k * kBatch] * right_i;
      covariance_sum[k] += inverse[k * kBatch];
      ++k;
    }
    // sum of (y - x z)^2 = sum y^2 - 2 x . sum z y + x' G x
    double squares = moments.squares;
    double trace = 0.0;
    k = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      double row = 0.0;
      double row_trace = 0.0;
      for (std::size_t j = 0; j < i; ++j, ++k) {
        row += gram[k] * x[j];
        row_trace += gram[k] * inverse[k * kBatch];
      }
      squares += x[i] * (2.0 * row + gram[k] * x[i] - 2.0 * moments.right[i]);
      trace += 2.0 * row_trace + gram[k] * inverse[k * kBatch];
      ++k;
    }
    squares_[user] = std::max(0.0, squares);
    error_[user] = squares_[user] + (with_variance ? trace : 0.0);
  }

  void learn_prior() {
    const auto count = static_cast<double>(seen_.size());
    if (seen_.empty()) {
      return;
    }
    usual_.setZero();
    for (const std::uint32_t user : seen_) {
      usual_ += coefficients_.row(user).transpose();
    }
    usual_ /= count;
    RowMatrix left(static_cast<Eigen::Index>(seen_.size()), static_cast<Eigen::Index>(n_));
    for (std::size_t k = 0; k < seen_.size(); ++k) {
      left.row(static_cast<Eigen::Index>(k)) = coefficients_.row(seen_[k]) - usual_.transpose();
    }
    Eigen::MatrixXd scatter = left.transpose() * left;
    std::size_t k = 0;
    for (Eigen::Index i = 0; i < scatter.rows(); ++i) {
      for (Eigen::Index j = 0; j <= i; ++j, ++k) {
        scatter(i, j) += covariance_sum_[k];
        if (i != j) {
          scatter(j, i) += covariance_sum_[k];
        }
      }
    }
    scatter.diagonal().array() += kScatterShrinkage;
    precision_ =
        (scatter / count).llt().solve(Eigen::MatrixXd::Identity(scatter.rows(), scatter.cols()));
  }

  void learn_noise() {
    double sum = 0.0;
    for (const std::uint32_t user : seen_) {
      const auto count = static_cast<double>(problem_.ratings.by_user.count(user));
      weight_[user] = (kAverageRatings + count) / (kAverageRatings + alpha_ * error_[user]);
      sum += weight_[user] * error_[user];
    }
    if (sum > 0.0) {
      alpha_ = static_cast<double>(problem_.ratings.size()) / sum;
    }
  }

  const MixedProblem& problem_;
  int threads_;
  const PosteriorKernels& kernels_;
  std::size_t n_;
  std::size_t packed_;
  std::vector<std::uint32_t> seen_;
  std::vector<Moments> moments_;  // by user
  std::vector<double> weight_;    // v_u
  std::vector<double> error_;     // expected squared error, by user
  std::vector<double> squares_;   // squared error of the means, by user
  double alpha_ = 1.0;
  RowMatrix coefficients_;
  Eigen::VectorXd usual_;
  Eigen::MatrixXd precision_;
  std::vector<double> covariance_sum_;  // packed
};

}  // namespace

MixedFit fit_mixed(const MixedProblem& problem) {
  return MixedSolver(problem).run();
}

}  // namespace balse
