#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/parameters.hpp"
#include "balse/model/training_set.hpp"

namespace balse {

/// What the tag weights are divided by before fitting.
enum class TagScaling {
  /// Nothing: sparser models, and better ones on every data set tried.
  raw,
  /// Each tag's population standard deviation over all items, not centred; as in Table I.
  standard_deviation,
};

struct LassoOptions {
  double alpha = 0.01;  ///< weight of the L1 norm in the objective below; paper, section V.B
  /// An unpenalised constant a user; the paper's formula has none, its code has one.
  bool intercept = true;
  TagScaling scaling = TagScaling::raw;
  double relative_gap = 1e-5;  ///< duality gap / primal objective at which a user counts as solved
  int threads = 0;             ///< 0: all processors; results are the same bits at any count

  /// Shows all options but threads.
  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

struct LassoSummary {
  std::size_t users = 0;          ///< fitted: those with at least one rating
  std::size_t not_converged = 0;  ///< of these, how many missed relative_gap
  double worst_gap = 0.0;         ///< largest duality gap / primal objective over the users
  double objective_sum = 0.0;     ///< primal objectives added up in user order
  std::size_t nonzeros = 0;       ///< coefficients of all users together
  std::uint64_t steps = 0;        ///< knots of the paths walked, all users together
  std::size_t warm_users = 0;     ///< solved from the start given
  std::size_t cold_users = 0;     ///< the others: none given, or it was of no use
  double seconds = 0.0;

  std::vector<Figure> figures() const;
  std::string sentence() const;
  std::string warning() const;

  /// Shows every number by its name, to whoever stores or reads them.
  template <typename Visitor>
  void visit(Visitor&& visitor) {
    visitor("users", users);
    visitor("not_converged", not_converged);
    visitor("worst_gap", worst_gap);
    visitor("objective_sum", objective_sum);
    visitor("nonzeros", nonzeros);
    visitor("steps", steps);
    visitor("warm_users", warm_users);
    visitor("cold_users", cold_users);
    visitor("seconds", seconds);
  }
};

/// One sparse linear model of the tags for every user (paper, section IV.B): user i's coefficients
/// P_i and intercept c_i minimise
///     1/(2 N_i) * sum over the items j rated by i of (R_ij - c_i - P_i . T_j)^2  +  alpha *
///     |P_i|_1,
/// N_i being the number of those items. Coefficients are stored by user, tags ascending.
class Lasso {
 public:
  Lasso() = default;
  Lasso(std::vector<std::uint64_t> start, std::vector<std::uint32_t> tag,
        std::vector<double> coefficient, std::vector<double> intercept,
        std::vector<double> objective);

  std::size_t users() const { return intercept_.size(); }

  std::span<const std::uint32_t> tags_of(std::size_t user) const {
    return {tag_.data() + start_[user], start_[user + 1] - start_[user]};
  }
  /// Coefficients with respect to the tag weights as they are in the tag matrix, whatever the
  /// scaling was: the division by the standard deviation is folded in.
  std::span<const double> coefficients_of(std::size_t user) const {
    return {coefficient_.data() + start_[user], start_[user + 1] - start_[user]};
  }
  double intercept_of(std::size_t user) const { return intercept_[user]; }

  /// The primal objective above (of the scaled problem); 0 for users without ratings.
  double objective_of(std::size_t user) const { return objective_[user]; }

  /// c_i + P_i . T_j, not clipped; a merge of the two sorted sparse rows.
  double predict(std::size_t user, std::size_t item, const TagMatrix& matrix) const;

  /// The sparse coefficients, wherever else they are needed.
  SparseView rows() const { return {start_, tag_, coefficient_}; }

  /// Takes the arrays out, what is left is empty: offsets, tags, coefficients, intercepts.
  struct Arrays {
    std::vector<std::uint64_t> start;
    std::vector<std::uint32_t> tag;
    std::vector<double> coefficient;
    std::vector<double> intercept;
  };
  Arrays take();

 private:
  std::vector<std::uint64_t> start_ = {0};  // users + 1
  std::vector<std::uint32_t> tag_;
  std::vector<double> coefficient_;
  std::vector<double> intercept_;
  std::vector<double> objective_;
};

/// intercept + P_i . T_j of one user; a merge of the two sorted sparse rows.
double predict_lasso(const SparseView& coefficients, std::span<const double> intercepts,
                     std::size_t user, std::size_t item, const TagMatrixView& tags);

/// Fits all users. `by_user` has a row per user whose indices are rows of `tags`. A user without
/// ratings gets no coefficients and intercept 0 (LASSO knows nothing of them; the caller falls
/// back).
Lasso fit_lasso(const RatingRows& by_user, const TagMatrix& tags, const LassoOptions& options,
                LassoSummary* summary = nullptr);

/// The same from yesterday's fit, in less time where little has changed: `start` has a row for each
/// of the first users of `by_user`, with tags that are columns of `tags`. What it holds may be
/// anything; every user is solved to the same gap. One whose start is that good already keeps it.
Lasso fit_lasso(const RatingRows& by_user, const TagMatrix& tags, const LassoOptions& options,
                const Lasso& start, LassoSummary* summary = nullptr);

/// Fits users who came after a fit on the first `fitted_items` items, whose deviations are what
/// tags are scaled by; `tags` has a row for every item that `by_user` may name.
Lasso fold_lasso(const RatingRows& by_user, const TagMatrixView& tags, std::size_t fitted_items,
                 const LassoOptions& options);

}  // namespace balse
