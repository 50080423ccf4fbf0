#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "balse/data/rating_matrix.hpp"
#include "balse/model/option_fields.hpp"
#include "balse/model/rating_means.hpp"

namespace balse {

struct BiasOptions {
  /// Ratings of value "average" that every user is taken to have given besides.
  double lambda_user = 2.0;
  double lambda_item = 5.0;  ///< the same for items; they differ less from each other than users do
  int sweeps = 10;           ///< alternations; the figures do not move after 5

  void visit(FieldVisitor& visitor);
  /// Empty, or a sentence that says what is wrong.
  std::string validate() const;
};

/// The user + item bias baseline: r ~ global mean + b_user + b_item, the least squares solution
/// with lambda_user |b_user|^2 + lambda_item |b_item|^2 added. Unseen users and items have bias 0.
struct BiasModel {
  double global_mean = 0.0;
  std::vector<double> user_bias;
  std::vector<double> item_bias;

  double predict(std::uint32_t user, std::uint32_t item) const {
    return global_mean + user_bias[user] + item_bias[item];
  }
};

/// The result is the same bits at any number of threads (0: all processors).
BiasModel fit_bias(const RatingMatrix& ratings, const RatingMeans& means,
                   const BiasOptions& options, int threads = 0);

/// One half step: the biases of users given those of items, of which one beyond the last is 0.
std::vector<double> solve_user_biases(const RatingRows& by_user, double global_mean,
                                      std::span<const double> item_bias, const BiasOptions& options,
                                      int threads = 0);

}  // namespace balse
