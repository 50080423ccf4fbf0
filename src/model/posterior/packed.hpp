#pragma once

#include <span>
#include <vector>

#include <Eigen/Core>

#include "balse/model/parameters.hpp"

namespace balse {

/// The rows of a symmetric matrix's lower triangle one after another: what PosteriorKernels take.
std::vector<double> packed(const Eigen::MatrixXd& matrix);

/// matrix += the symmetric one that is packed.
void add_packed(std::span<const double> packed, Eigen::MatrixXd& matrix);

/// The same numbers; of a square matrix.
Eigen::MatrixXd square_of(const MatrixView& matrix);

/// Of a positive definite matrix.
Eigen::MatrixXd inverse_of(const Eigen::MatrixXd& matrix);

}  // namespace balse
