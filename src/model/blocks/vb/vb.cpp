#include "model/blocks/vb/vb.hpp"

#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/blocks/vb/half_step.hpp"
#include "model/blocks/vb/vb_entities.hpp"
#include "model/posterior/posteriors.hpp"
#include "model/posterior/user_noise.hpp"

namespace balse {
namespace {

class VbSolver {
 public:
  explicit VbSolver(const VbProblem& problem)
      : problem_(problem),
        threads_(resolve_threads(problem.threads)),
        users_(problem.ratings.by_user, problem.user_features, problem.factors + 1, threads_),
        items_(problem.ratings.by_item, problem.item_features, problem.factors + 1, threads_),
        noise_(problem.ratings.by_user, 1.0),
        error_(problem.ratings.users()),
        squares_(problem.ratings.users()) {}

  VbFit run() {
    std::vector<double> trace;
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
      trace.push_back(rmse_of(squares_, problem_.ratings.size()));
    }
    VbFit fit{.dimensions = users_.dimensions(),
              .users = users_.settled(),
              .items = items_.settled(),
              .item_correlations =
                  problem_.with_correlations ? items_.correlations() : std::vector<double>(),
              .typical_precision = noise_.alpha(),
              .train_rmse = rmse_of(squares_, problem_.ratings.size()),
              .trace = std::move(trace)};
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
    // A user's ratings have one weight, which the sums may leave out; an item's have many.
    const VbHalfStep step(side.rows(), others.moments(), problem_.global_mean,
                          of_users ? nullptr : &noise_);
    const VbEntities::RowMatrix pull = side.prior_pull();
    const auto scale_of = [&](std::uint32_t row) {
      return of_users ? noise_.precision(row) : noise_.alpha();
    };
    return for_each_posterior<VbSumsOfBatch>(
        side.seen(), side.dimensions(), side.prior_precision(), threads_,
        [&](std::uint32_t row, std::size_t lane, VbSumsOfBatch& work) {
          step.collect(row, work.of_lane[lane]);
          return PosteriorPrecision{scale_of(row), work.of_lane[lane].record.data()};
        },
        [&](std::uint32_t row, std::size_t lane, const double* covariance, VbSumsOfBatch& work) {
          VbSums& sums = work.of_lane[lane];
          double* const mean = side.moments().mean(row);
          step.solve(pull.row(row).data(), scale_of(row), covariance, sums, mean);
          side.set_covariance(row, covariance);
          if (of_users) {
            const VbHalfStep::Error error = step.error_of(row, mean, covariance, sums);
            squares_[row] = error.of_means;
            error_[row] = error.expected;
          }
        });
  }

  const VbProblem& problem_;
  int threads_;
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
