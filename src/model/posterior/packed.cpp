#include "model/posterior/packed.hpp"

#include <Eigen/Cholesky>

namespace balse {

std::vector<double> packed(const Eigen::MatrixXd& matrix) {
  std::vector<double> result;
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index j = 0; j <= i; ++j) {
      result.push_back(matrix(i, j));
    }
  }
  return result;
}

void add_packed(std::span<const double> packed, Eigen::MatrixXd& matrix) {
  auto next = packed.begin();
  for (Eigen::Index i = 0; i < matrix.rows(); ++i) {
    for (Eigen::Index j = 0; j < i; ++j, ++next) {
      matrix(i, j) += *next;
      matrix(j, i) += *next;
    }
    matrix(i, i) += *next++;
  }
}

Eigen::MatrixXd square_of(const MatrixView& matrix) {
  const auto n = static_cast<Eigen::Index>(matrix.columns);
  return Eigen::Map<const Eigen::MatrixXd>(matrix.values.data(), n, n);
}

Eigen::MatrixXd inverse_of(const Eigen::MatrixXd& matrix) {
  return matrix.llt().solve(Eigen::MatrixXd::Identity(matrix.rows(), matrix.cols()));
}

}  // namespace balse
