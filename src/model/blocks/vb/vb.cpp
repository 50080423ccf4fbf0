#include "model/blocks/vb/vb.hpp"

#include <algorithm>

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/blocks/vb/vb_entities.hpp"
#include "model/posterior/user_noise.hpp"

namespace balse {
namespace {

constexpr std::size_t kRatingsAtOnce = 32;

/// Sums over the ratings of one user or item.
struct Sums {
  std::vector<double> record;  // of the others' records, weighted
  std::vector<double> right;   // of the right-hand side
};

/// Of the four users or items that are solved at once.
struct SumsOfBatch {
  explicit SumsOfBatch(std::size_t n) {
    for (Sums& sums : of_lane) {
      sums = {std::vector<double>(PosteriorKernels::packed_size(n) + n), std::vector<double>(n)};
    }
  }
  Sums of_lane[PosteriorKernels::kBatch];
};

class VbSolver {
 public:
  explicit VbSolver(const VbProblem& problem)
      : problem_(problem),
        threads_(resolve_threads(problem.threads)),
        kernels_(posterior_kernels(best_instruction_set())),
        users_(problem.ratings.by_user, problem.user_features, problem.factors + 1, threads_),
        items_(problem.ratings.by_item, problem.item_features, problem.factors + 1, threads_),
        noise_(problem.ratings.by_user, 1.0),
        error_(problem.ratings.users()),
        squares_(problem.ratings.users()) {}

  VbFit run() {
    Random random(problem_.seed);
    users_.start(random);
    items_.start(random);
    for (int sweep = 0; sweep < problem_.sweeps; ++sweep) {
      for (const bool of_users : {false, true}) {
        const std::vector<double> covariances = update(of_users);
        if (sweep > 0) {
          (of_users ? users_ : items_).learn_prior(covariances);
        }
      }
      noise_.learn(error_);
    }
    VbFit fit{.dimensions = users_.dimensions(),
              .users = users_.settled(),
              .items = items_.settled(),
              .typical_precision = noise_.alpha(),
              .train_rmse = rmse_of(squares_, problem_.ratings.size())};
    for (std::uint32_t user = 0; user < problem_.ratings.users(); ++user) {
      fit.precision.push_back(noise_.precision(user));
    }
    return fit;
  }

 private:
  /// The posteriors of one side given the other's, and of users what their ratings leave over.
  std::vector<double> update(bool of_users) {
    VbEntities& side = of_users ? users_ : items_;
    const VbEntities& others = of_users ? items_ : users_;
    const std::size_t n = side.dimensions();
    const VbEntities::RowMatrix pull = side.prior_pull();
    // A user's ratings have one weight, which the sums may leave out; an item's have many.
    const auto scale_of = [&](std::uint32_t row) {
      return of_users ? noise_.precision(row) : noise_.alpha();
    };
    return for_each_posterior<SumsOfBatch>(
        side.seen(), n, side.prior_precision(), threads_,
        [&](std::uint32_t row, std::size_t lane, SumsOfBatch& work) {
          collect(side, others, row, of_users, work.of_lane[lane]);
          return PosteriorPrecision{scale_of(row), work.of_lane[lane].record.data()};
        },
        [&](std::uint32_t row, std::size_t lane, const double* covariance, SumsOfBatch& work) {
          Sums& sums = work.of_lane[lane];
          for (std::size_t i = 0; i < n; ++i) {
            sums.right[i] = pull(row, static_cast<Eigen::Index>(i)) + scale_of(row) * sums.right[i];
          }
          kernels_.multiply(n, covariance, sums.right.data(), side.mean(row));
          side.set_covariance(row, covariance);
          if (of_users) {
            measure(row, sums, covariance);
          }
        });
  }

  void collect(const VbEntities& side, const VbEntities& others, std::uint32_t row, bool of_users,
               Sums& sums) const {
    const std::size_t n = side.dimensions();
    std::fill(sums.record.begin(), sums.record.end(), 0.0);
    std::fill(sums.right.begin(), sums.right.end(), 0.0);
    const auto columns = side.rows().indices_of(row);
    const auto values = side.rows().values_of(row);
    const double* records[kRatingsAtOnce] = {};
    const double* factors[kRatingsAtOnce] = {};  // [factors, 1]
    double weights[kRatingsAtOnce] = {};
    double left[kRatingsAtOnce] = {};
    for (std::size_t first = 0; first < columns.size(); first += kRatingsAtOnce) {
      const std::size_t count = std::min(kRatingsAtOnce, columns.size() - first);
      for (std::size_t k = 0; k < count; ++k) {
        const std::uint32_t column = columns[first + k];
        records[k] = others.record(column);
        factors[k] = records[k] + others.factors_at();
        weights[k] = of_users ? 1.0 : noise_.weight(column);
        left[k] = weights[k] *
                  (double{values[first + k]} - problem_.global_mean - others.mean(column)[n - 1]);
      }
      kernels_.add_rows(sums.record.size(), count, records, weights, sums.record.data());
      kernels_.add_rows(n, count, factors, left, sums.right.data());
    }
    const double* const crosses = sums.record.data() + others.crosses_at();
    for (std::size_t i = 0; i + 1 < n; ++i) {
      sums.right[i] -= crosses[i];
    }
  }

  /// The expected squared error of a user's ratings: that of the means, and what the posteriors'
  /// covariances add,
  ///     phi_u' S_j phi_u + phi_j' S_u phi_j + tr(S_u^ff S_j^ff), summed over the ratings,
  /// which is tr(S_u G) + u' (G^ff - sum of v v') u + 2 u . sum of cov_j(v, b) + sum of var_j(b)
  /// for G, the sum of the items' moments.
  void measure(std::uint32_t user, Sums& sums, const double* covariance) {
    const std::size_t n = items_.dimensions();
    const double* const x = users_.mean(user);
    const double* const moments = sums.record.data();
    const auto columns = users_.rows().indices_of(user);
    const auto values = users_.rows().values_of(user);
    double squares = 0.0;
    double dots = 0.0;
    for (std::size_t k = 0; k < columns.size(); ++k) {
      const double* const y = items_.mean(columns[k]);
      const double dot = kernels_.dot(n - 1, x, y);
      const double left = double{values[k]} - problem_.global_mean - x[n - 1] - y[n - 1] - dot;
      squares += left * left;
      dots += dot * dot;
    }
    double* const product = sums.right.data();  // G^ff u; the right-hand side has been used
    kernels_.multiply(n - 1, moments, x, product);
    const double quadratic = kernels_.dot(n - 1, x, product);
    const double* const crosses = sums.record.data() + items_.crosses_at();
    squares_[user] = squares;
    error_[user] = squares + trace_of_product(kernels_, n, covariance, moments) +
                   (quadratic - dots) + crosses[n - 1] + 2.0 * kernels_.dot(n - 1, x, crosses);
  }

  const VbProblem& problem_;
  int threads_;
  const PosteriorKernels& kernels_;
  VbEntities users_;
  VbEntities items_;
  UserNoise noise_;
  std::vector<double> error_;    // expected squared error, by user
  std::vector<double> squares_;  // squared error of the means, by user
};

}  // namespace

VbFit fit_vb(const VbProblem& problem) {
  return VbSolver(problem).run();
}

}  // namespace balse
