#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/rating_means.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// What is subtracted from the ratings before they are factorised, and added to predictions.
enum class AlsCentring {
  user_mean,  ///< the authors' code; users without ratings: the global mean
  global_mean,
  none,  ///< the paper's formula
};

/// How the regularisation lambda weighs on a row with n ratings.
enum class AlsWeighting {
  by_count,  ///< lambda * n: ALS-WR (Zhou et al. 2008), the authors' code
  plain,     ///< lambda: the loss displayed in the paper's section IV.C
};

/// The factors of users and items that have no training rating.
enum class AlsUnseen {
  /// The prediction is the offset alone, the "constant predictions" of the paper's section V.D.
  zero,
  /// Their random initial factors stay and a user's offset is 0, as in the authors' code: noise,
  /// kept to reproduce Table I.
  initial,
};

struct AlsOptions {
  int rank = 20;        ///< r, columns of the factors; paper, section V.B
  double lambda = 0.1;  ///< paper, section V.B
  int iterations = 10;  ///< at most; each solves all users, then all items; paper, section V.D
  /// If positive, stop once an iteration lowers the objective by less than this share of it.
  double tolerance = 0.0;
  AlsCentring centring = AlsCentring::user_mean;
  AlsWeighting weighting = AlsWeighting::by_count;
  AlsUnseen unseen = AlsUnseen::zero;
  std::uint64_t seed = 42;  ///< of the initial factors, uniform on [0, 1)
  int threads = 0;          ///< 0: all processors; results are the same bits at any count
  bool trace = false;       ///< keep AlsSummary::trace, which costs a pass over the ratings each

  /// Shows all options but seed, threads and trace.
  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

struct AlsSummary {
  int iterations = 0;
  double objective = 0.0;     ///< what is minimised, see fit_als(); of the fitted model
  double train_rmse = 0.0;    ///< of the fitted model on its own training ratings
  std::vector<double> trace;  ///< training RMSE after each iteration, where AlsOptions::trace asks
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const { return {}; }

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("iterations", iterations);
    visitor("objective", objective);
    visitor("train_rmse", train_rmse);
    visitor("trace", trace);
    visitor("seconds", seconds);
  }
};

/// A dense rows x rank matrix, row-major.
struct Factors {
  std::size_t rows = 0;
  std::size_t rank = 0;
  std::vector<double> values;

  std::span<const double> row(std::size_t r) const { return {values.data() + r * rank, rank}; }
  std::span<double> row(std::size_t r) { return {values.data() + r * rank, rank}; }
  MatrixView view() const { return {rows, rank, values}; }
};

/// Matrix factorisation R ~ offset + U V' (paper, section IV.C).
struct Als {
  Factors users;                    ///< U
  Factors items;                    ///< V
  std::vector<double> user_offset;  ///< what centring subtracted from each user's ratings

  /// offset + U_i . V_j
  double predict(std::uint32_t user, std::uint32_t item) const;
};

/// A fitted Als, wherever it lies.
struct AlsView {
  MatrixView users;
  MatrixView items;
  std::span<const double> user_offset;

  /// offset + U_i . V_j; the offset alone for an item beyond the last row, 0 for a user beyond it.
  double predict(std::uint32_t user, std::uint32_t item) const;
};

/// Random initial factors of options.seed: U, then V, each uniform on [0, 1).
void initialise_factors(const AlsOptions& options, std::size_t users, std::size_t items,
                        Factors& user_factors, Factors& item_factors);

/// What centring subtracts from the ratings of each user.
std::vector<double> als_offsets(const RatingMeans& means, const AlsOptions& options);

/// Alternating least squares: each U_i minimises
///     sum over i's ratings (R_ij - offset_i - U_i . V_j)^2 + lambda * w_i * |U_i|^2,
/// w_i being its number of ratings (by_count) or 1 (plain); then the same for each V_j. Starts from
/// the given factors (only the items' matter for those that are solved). Throws Error(bad_data)
/// where numbers overflow: a lambda next to 0, ratings that are none (timestamps).
Als fit_als(const RatingMatrix& ratings, const RatingMeans& means, const AlsOptions& options,
            Factors start_users, Factors start_items, AlsSummary* summary = nullptr);

/// The same from initialise_factors().
Als fit_als(const RatingMatrix& ratings, const RatingMeans& means, const AlsOptions& options,
            AlsSummary* summary = nullptr);

/// One half step: the factors of users given those of the items, of which there are `item_rows`;
/// one beyond the rows of `items` is unseen, so 0.
Factors solve_als_users(const RatingRows& by_user, std::span<const double> user_offset,
                        const MatrixView& items, std::size_t item_rows, const AlsOptions& options);

}  // namespace balse
