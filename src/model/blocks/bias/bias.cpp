#include <cmath>

#include "balse/model/baselines.hpp"
#include "balse/support/parallel.hpp"

namespace balse {
namespace {

constexpr std::size_t kRowsPerRange = 256;

/// Each row's bias given the columns': the mean of what is left of its ratings, shrunk as if
/// `lambda` further ratings had left nothing.
void update_biases(const RatingRows& rows, double global_mean, std::span<const double> column_bias,
                   double lambda, int threads, std::vector<double>& row_bias) {
  parallel_ranges(rows.rows(), kRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t row = begin; row < end; ++row) {
      const auto columns = rows.indices_of(row);
      const auto values = rows.values_of(row);
      double sum = 0.0;
      for (std::size_t k = 0; k < columns.size(); ++k) {
        sum += values[k] - global_mean -
               (columns[k] < column_bias.size() ? column_bias[columns[k]] : 0.0);
      }
      row_bias[row] = columns.empty() ? 0.0 : sum / (static_cast<double>(columns.size()) + lambda);
    }
  });
}

}  // namespace

void BiasOptions::visit(FieldVisitor& visitor) {
  visitor.enter({"bias", "Bias"});
  visitor.number({"lambda-user", "Average ratings that every user is taken to have given besides"},
                 {0.0, 1e12}, lambda_user);
  visitor.number({"lambda-item", "Average ratings that every item is taken to have got besides"},
                 {0.0, 1e12}, lambda_item);
  visitor.whole({"sweeps", "Each solves all items, then all users"}, {1, 1'000'000}, sweeps);
}

std::string BiasOptions::validate() const {
  return first_fault(*this);
}

BiasModel fit_bias(const RatingMatrix& ratings, const RatingMeans& means,
                   const BiasOptions& options, int threads) {
  threads = resolve_threads(threads);
  BiasModel model{.global_mean = means.global,
                  .user_bias = std::vector<double>(ratings.users(), 0.0),
                  .item_bias = std::vector<double>(ratings.items(), 0.0)};
  for (int sweep = 0; sweep < options.sweeps; ++sweep) {
    update_biases(ratings.by_item, means.global, model.user_bias, options.lambda_item, threads,
                  model.item_bias);
    update_biases(ratings.by_user, means.global, model.item_bias, options.lambda_user, threads,
                  model.user_bias);
  }
  return model;
}

std::vector<double> solve_user_biases(const RatingRows& by_user, double global_mean,
                                      std::span<const double> item_bias, const BiasOptions& options,
                                      int threads) {
  std::vector<double> bias(by_user.rows());
  update_biases(by_user, global_mean, item_bias, options.lambda_user, resolve_threads(threads),
                bias);
  return bias;
}

}  // namespace balse
