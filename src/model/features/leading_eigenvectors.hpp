#pragma once

#include <cstddef>
#include <functional>

#include <Eigen/Core>

namespace balse {

using RowMatrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// An orthonormal basis of the columns.
RowMatrix orthonormal(const RowMatrix& matrix);

/// The eigenvectors of the largest eigenvalues of a symmetric matrix of which the lower triangle is
/// there, largest first, as columns. Of the two ways that each may point, the one in which its
/// number of the largest magnitude is positive.
Eigen::MatrixXd leading_eigenvectors(const Eigen::MatrixXd& symmetric, std::size_t count);

/// The same of a matrix of size x size that is too large to be written down, or to be decomposed
/// as a whole: `apply` gives it times what it is given. Positive semidefinite. Approximate where
/// eigenvalues lie close together: then the space of the vectors is what counts.
Eigen::MatrixXd leading_eigenvectors(std::size_t size, std::size_t count,
                                     const std::function<RowMatrix(const RowMatrix&)>& apply);

/// Up to this size a matrix is decomposed as a whole; the work grows by the cube.
inline constexpr std::size_t kDecomposedAsWhole = 1000;

}  // namespace balse
