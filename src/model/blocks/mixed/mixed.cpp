#include "model/blocks/mixed/mixed.hpp"

#include <algorithm>

#include <Eigen/Core>

#include "balse/support/parallel.hpp"

#include "model/posterior/packed.hpp"
#include "model/posterior/posteriors.hpp"
#include "model/posterior/user_noise.hpp"

namespace balse {
namespace {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr std::size_t kUsersPerRange = 32;
constexpr std::size_t kRowsAtOnce = 32;
/// Sums of squares of features are kept from sweep to sweep while they take no more than this.
constexpr std::size_t kMostKept = 48U << 20U;  // numbers: 384 MB

constexpr double kStartPrecisionOfIntercept = 2.0;
constexpr double kStartNoise = 1.5;  // alpha = this / variance of y
constexpr double kScatterShrinkage = 0.05;
constexpr int kFirstWithVariance = 2;  // the sweep from which on posteriors count as noise

/// Sums over a user's ratings: z y, y^2 and, where there is room, z z'.
struct UserMoments {
  std::vector<double> right;
  double squares = 0.0;
  std::vector<double> gram;  // packed; empty where it is summed up anew each time
};

/// Grams of users that are not kept, and rows on their way into one.
struct GramsOfBatch {
  explicit GramsOfBatch(std::size_t n) : rows(kRowsAtOnce * n) {
    for (std::vector<double>& gram : of_lane) {
      gram.resize(PosteriorKernels::packed_size(n));
    }
  }
  std::vector<double> of_lane[PosteriorKernels::kBatch];
  std::vector<double> rows;
};

class MixedSolver {
 public:
  explicit MixedSolver(const MixedProblem& problem)
      : problem_(problem),
        threads_(resolve_threads(problem.threads)),
        kernels_(posterior_kernels(best_instruction_set())),
        n_(problem.features.columns),
        packed_size_(PosteriorKernels::packed_size(n_)),
        seen_(seen_rows(problem.by_user)),
        moments_(problem.by_user.rows()),
        error_(problem.by_user.rows()),
        squares_(problem.by_user.rows()),
        coefficients_(RowMatrix::Zero(static_cast<Eigen::Index>(problem.by_user.rows()),
                                      static_cast<Eigen::Index>(n_))),
        usual_(Eigen::VectorXd::Zero(static_cast<Eigen::Index>(n_))),
        precision_(Eigen::VectorXd::Constant(static_cast<Eigen::Index>(n_), problem.start_precision)
                       .asDiagonal()) {
    precision_(0, 0) = kStartPrecisionOfIntercept;
  }

  MixedFit run() {
    add_up();
    UserNoise noise(problem_.by_user, start_alpha());
    for (int sweep = 0; sweep < problem_.sweeps; ++sweep) {
      learn_prior(update(noise, sweep >= kFirstWithVariance));
      noise.learn(error_);
    }
    for (std::size_t user = 0; user < problem_.by_user.rows(); ++user) {
      if (problem_.by_user.count(user) == 0) {
        coefficients_.row(static_cast<Eigen::Index>(user)) = usual_.transpose();
      }
    }
    return {.weights = weights(),
            .prior = {.usual = {usual_.data(), usual_.data() + usual_.size()},
                      .precision = {precision_.data(), precision_.data() + precision_.size()},
                      .alpha = noise.alpha()},
            .train_rmse = rmse_of(squares_, problem_.by_user.value.size())};
  }

  std::vector<double> fold(const MixedPrior& prior) {
    const auto n = static_cast<Eigen::Index>(n_);
    usual_ = Eigen::Map<const Eigen::VectorXd>(prior.usual.data(), n);
    precision_ = Eigen::Map<const Eigen::MatrixXd>(prior.precision.data(), n, n);
    add_up();
    UserNoise noise(problem_.by_user, prior.alpha);
    for (int round = 0; round < kFoldInRounds; ++round) {
      update(noise, true);
      noise.learn_weights(error_);
    }
    return weights();
  }

 private:
  std::vector<double> weights() const {
    return {coefficients_.data(), coefficients_.data() + coefficients_.size()};
  }

  double target(std::uint32_t user, std::uint32_t item, double rating) const {
    return rating - problem_.constant -
           (problem_.user_offset.empty() ? 0.0 : problem_.user_offset[user]) -
           (problem_.item_offset.empty() ? 0.0 : problem_.item_offset[item]);
  }

  void add_up_gram(std::uint32_t user, std::vector<double>& rows, std::vector<double>& gram) const {
    std::fill(gram.begin(), gram.end(), 0.0);
    const auto items = problem_.by_user.indices_of(user);
    for (std::size_t first = 0; first < items.size(); first += kRowsAtOnce) {
      const std::size_t count = std::min(kRowsAtOnce, items.size() - first);
      for (std::size_t k = 0; k < count; ++k) {
        const auto row = problem_.features.row(items[first + k]);
        std::copy(row.begin(), row.end(), rows.begin() + static_cast<std::ptrdiff_t>(k * n_));
      }
      kernels_.add_squares(n_, count, rows.data(), gram.data());
    }
  }

  void add_up() {
    const std::size_t room = kMostKept / packed_size_;
    parallel_ranges(seen_.size(), kUsersPerRange, threads_,
                    [&](std::size_t begin, std::size_t end) {
                      std::vector<double> rows(kRowsAtOnce * n_);
                      for (std::size_t k = begin; k < end; ++k) {
                        const std::uint32_t user = seen_[k];
                        UserMoments& moments = moments_[user];
                        moments.right.assign(n_, 0.0);
                        const auto items = problem_.by_user.indices_of(user);
                        const auto values = problem_.by_user.values_of(user);
                        for (std::size_t r = 0; r < items.size(); ++r) {
                          const double y = target(user, items[r], values[r]);
                          const double* const row = problem_.features.row(items[r]).data();
                          kernels_.add_rows(n_, 1, &row, &y, moments.right.data());
                          moments.squares += y * y;
                        }
                        if (k < room) {
                          moments.gram.resize(packed_size_);
                          add_up_gram(user, rows, moments.gram);
                        }
                      }
                    });
  }

  double start_alpha() const {
    double sum = 0.0;
    double squares = 0.0;
    for (const std::uint32_t user : seen_) {
      sum += moments_[user].right[0];  // of the intercept: the sum of y
      squares += moments_[user].squares;
    }
    const double count = std::max<double>(1.0, static_cast<double>(problem_.by_user.value.size()));
    const double variance = squares / count - sum / count * (sum / count);
    return variance > 0.0 ? kStartNoise / variance : 1.0;
  }

  /// Every user's posterior; returns the packed sum of their covariances.
  std::vector<double> update(const UserNoise& noise, bool with_variance) {
    const Eigen::VectorXd pull = precision_ * usual_;
    const auto gram_of = [&](std::uint32_t user, std::size_t lane, const GramsOfBatch& work) {
      const std::vector<double>& kept = moments_[user].gram;
      return kept.empty() ? work.of_lane[lane].data() : kept.data();
    };
    return for_each_posterior<GramsOfBatch>(
        seen_, n_, packed(precision_), threads_,
        [&](std::uint32_t user, std::size_t lane, GramsOfBatch& work) {
          if (moments_[user].gram.empty()) {
            add_up_gram(user, work.rows, work.of_lane[lane]);
          }
          return PosteriorPrecision{noise.precision(user), gram_of(user, lane, work)};
        },
        [&](std::uint32_t user, std::size_t lane, const double* covariance, GramsOfBatch& work) {
          std::vector<double>& right = work.rows;  // not needed any more
          for (std::size_t i = 0; i < n_; ++i) {
            right[i] = pull[static_cast<Eigen::Index>(i)] +
                       noise.precision(user) * moments_[user].right[i];
          }
          kernels_.multiply(n_, covariance, right.data(), coefficients_.data() + user * n_);
          measure(user, gram_of(user, lane, work), with_variance ? covariance : nullptr, right);
        });
  }

  /// sum of (y - x z)^2 = sum of y^2 - 2 x . sum of z y + x' G x, and what the covariance adds,
  /// tr(S G). `workspace` holds n numbers.
  void measure(std::uint32_t user, const double* gram, const double* covariance,
               std::vector<double>& workspace) {
    const UserMoments& moments = moments_[user];
    const double* const x = coefficients_.data() + user * n_;
    kernels_.multiply(n_, gram, x, workspace.data());
    const double squares = moments.squares + kernels_.dot(n_, x, workspace.data()) -
                           2.0 * kernels_.dot(n_, x, moments.right.data());
    squares_[user] = std::max(0.0, squares);
    error_[user] = squares_[user];
    if (covariance != nullptr) {
      error_[user] += trace_of_product(kernels_, n_, covariance, gram);
    }
  }

  void learn_prior(const std::vector<double>& covariances) {
    if (seen_.empty()) {
      return;
    }
    const auto count = static_cast<double>(seen_.size());
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
    add_packed(covariances, scatter);
    scatter.diagonal().array() += kScatterShrinkage;
    precision_ = inverse_of(scatter / count);
  }

  const MixedProblem& problem_;
  int threads_;
  const PosteriorKernels& kernels_;
  std::size_t n_;
  std::size_t packed_size_;
  std::vector<std::uint32_t> seen_;
  std::vector<UserMoments> moments_;  // by user
  std::vector<double> error_;         // expected squared error, by user
  std::vector<double> squares_;       // squared error of the means, by user
  RowMatrix coefficients_;
  Eigen::VectorXd usual_;
  Eigen::MatrixXd precision_;
};

}  // namespace

MixedFit fit_mixed(const MixedProblem& problem) {
  return MixedSolver(problem).run();
}

std::vector<double> fold_mixed(const MixedProblem& problem, const MixedPrior& prior) {
  return MixedSolver(problem).fold(prior);
}

}  // namespace balse
