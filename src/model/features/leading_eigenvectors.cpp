#include "model/features/leading_eigenvectors.hpp"

#include <algorithm>

#include <Eigen/Eigenvalues>
#include <Eigen/QR>

#include "balse/support/random.hpp"

namespace balse {
namespace {

// Randomised subspace iteration (Halko, Martinsson, Tropp 2011, algorithm 4.4).
constexpr std::size_t kMoreVectors = 16;
constexpr int kMultiplications = 8;
constexpr std::uint64_t kSeedOfVectors = 20171110;

/// Which way an eigenvector points is free: always the same.
Eigen::MatrixXd pointed(Eigen::MatrixXd vectors) {
  for (Eigen::Index c = 0; c < vectors.cols(); ++c) {
    Eigen::Index largest = 0;
    vectors.col(c).cwiseAbs().maxCoeff(&largest);
    vectors.col(c) *= vectors(largest, c) < 0.0 ? -1.0 : 1.0;
  }
  return vectors;
}

}  // namespace

RowMatrix orthonormal(const RowMatrix& matrix) {
  const Eigen::HouseholderQR<RowMatrix> qr(matrix);
  return qr.householderQ() * RowMatrix::Identity(matrix.rows(), matrix.cols());
}

Eigen::MatrixXd leading_eigenvectors(const Eigen::MatrixXd& symmetric, std::size_t count) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> eigen(symmetric);  // reads that triangle
  return pointed(
      eigen.eigenvectors().rightCols(static_cast<Eigen::Index>(count)).rowwise().reverse());
}

Eigen::MatrixXd leading_eigenvectors(std::size_t size, std::size_t count,
                                     const std::function<RowMatrix(const RowMatrix&)>& apply) {
  RowMatrix space(static_cast<Eigen::Index>(size),
                  static_cast<Eigen::Index>(std::min(count + kMoreVectors, size)));
  Random random(kSeedOfVectors);
  for (Eigen::Index k = 0; k < space.size(); ++k) {
    space.data()[k] = random.normal();
  }
  for (int round = 0; round < kMultiplications; ++round) {
    space = orthonormal(round == 0 ? space : apply(space));
  }
  // What the matrix does within the space, whose eigenvectors turn its basis into theirs.
  const Eigen::MatrixXd within = space.transpose() * apply(space);
  return pointed(space * leading_eigenvectors(within, count));
}

}  // namespace balse
