#include <algorithm>
#include <cmath>

#include <Eigen/Dense>

#include "balse/model/derived_features.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

#include "model/features/leading_eigenvectors.hpp"

namespace balse {
namespace {

// Randomised subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4): a few more columns
// than are asked for, and as many rounds as leave the features steady.
constexpr std::size_t kOversampling = 16;
constexpr int kRounds = 8;
constexpr std::uint64_t kSeed = 20171110;
constexpr std::size_t kRowsPerRange = 64;
constexpr double kItemShrinkage = 5.0;

double inverse_root(std::size_t ratings, double shrinkage) {
  return 1.0 / std::sqrt(std::max(1.0, static_cast<double>(ratings)) + shrinkage);
}

std::vector<double> inverse_roots(const RatingRows& rows, double shrinkage) {
  std::vector<double> result(rows.rows());
  for (std::size_t r = 0; r < result.size(); ++r) {
    result[r] = inverse_root(rows.count(r), shrinkage);
  }
  return result;
}

/// The rows of A, or of A', times a dense matrix.
RowMatrix multiply(const RatingRows& rows, const std::vector<double>& of_row,
                   const std::vector<double>& of_column, const RowMatrix& right, int threads) {
  RowMatrix result = RowMatrix::Zero(static_cast<Eigen::Index>(rows.rows()), right.cols());
  parallel_ranges(rows.rows(), kRowsPerRange, threads, [&](std::size_t begin, std::size_t end) {
    for (std::size_t r = begin; r < end; ++r) {
      auto out = result.row(static_cast<Eigen::Index>(r));
      for (const std::uint32_t column : rows.indices_of(r)) {
        out += of_column[column] * right.row(static_cast<Eigen::Index>(column));
      }
      out *= of_row[r];
    }
  });
  return result;
}

std::vector<double> leading_columns(const RowMatrix& matrix, std::size_t count) {
  std::vector<double> result;
  result.reserve(static_cast<std::size_t>(matrix.rows()) * count);
  for (Eigen::Index r = 0; r < matrix.rows(); ++r) {
    const double* const row = matrix.data() + r * matrix.cols();
    result.insert(result.end(), row, row + count);
  }
  return result;
}

}  // namespace

double implicit_item_root(std::size_t ratings) {
  return inverse_root(ratings, kItemShrinkage);
}

ImplicitSvd implicit_svd(const RatingMatrix& ratings, std::size_t count, int threads) {
  const std::size_t smaller = std::min(ratings.users(), ratings.items());
  const std::size_t width = std::min(count + kOversampling, smaller);
  ImplicitSvd svd;
  svd.count = std::min(count, smaller);
  if (svd.count == 0) {
    return svd;
  }
  const std::vector<double> of_user = inverse_roots(ratings.by_user, 0.0);
  const std::vector<double> of_item = inverse_roots(ratings.by_item, kItemShrinkage);
  RowMatrix items(static_cast<Eigen::Index>(ratings.items()), static_cast<Eigen::Index>(width));
  Random random(kSeed);
  for (Eigen::Index k = 0; k < items.size(); ++k) {
    items.data()[k] = random.normal();
  }
  RowMatrix users;
  for (int round = 0; round < kRounds; ++round) {
    users = orthonormal(multiply(ratings.by_user, of_user, of_item, items, threads));
    items = multiply(ratings.by_item, of_item, of_user, users, threads);
    if (round + 1 < kRounds) {
      items = orthonormal(items);
    }
  }
  // items = A' users; the eigenvectors of its Gram matrix turn `users` into left vectors.
  const Eigen::MatrixXd gram = items.transpose() * items;
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(gram);
  const RowMatrix rotation = eigen.eigenvectors().rowwise().reverse();
  const Eigen::VectorXd values = eigen.eigenvalues().reverse().cwiseMax(0.0).cwiseSqrt();
  users = users * rotation;
  items = items * rotation;
  for (Eigen::Index k = 0; k < items.cols(); ++k) {
    items.col(k) /= std::max(values[k], 1e-12);
  }
  svd.singular.assign(values.data(), values.data() + svd.count);
  svd.users = leading_columns(users, svd.count);
  svd.items = leading_columns(items, svd.count);
  return svd;
}

double popularity(std::uint32_t ratings) {
  return (std::log1p(static_cast<double>(ratings)) - 1.0) / 1.5;
}

std::vector<double> similarity_features(const ImplicitSvd& svd,
                                        std::span<const std::uint32_t> item_counts) {
  std::vector<double> features(item_counts.size() * svd.count);
  for (std::size_t item = 0; item < item_counts.size(); ++item) {
    double* const row = features.data() + item * svd.count;
    double squares = 0.0;
    for (std::size_t k = 0; k < svd.count; ++k) {
      row[k] = svd.items[item * svd.count + k] * svd.singular[k];
      squares += row[k] * row[k];
    }
    const auto n = static_cast<double>(item_counts[item]);
    const double scale = squares > 0.0 && n > 0.0
                             ? std::sqrt(static_cast<double>(svd.count) / squares) * n / (n + 5.0)
                             : 0.0;
    for (std::size_t k = 0; k < svd.count; ++k) {
      row[k] *= scale;
    }
  }
  return features;
}

const ImplicitSvd& DerivedFeatures::implicit(const RatingMatrix& ratings, int threads) {
  if (!implicit_) {
    implicit_ = implicit_svd(ratings, kImplicit, threads);
  }
  return *implicit_;
}

}  // namespace balse
