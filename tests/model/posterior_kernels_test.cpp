// The kernels of Gaussian posteriors against plain loops and dense algebra, on every instruction
// set.

#include "model/kernels/posterior_kernels.hpp"

#include <algorithm>
#include <vector>

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

#include "model/kernels/aligned_numbers.hpp"

using namespace balse;
using Eigen::MatrixXd;

namespace {

std::vector<double> normal_numbers(std::size_t count, Random& random) {
  std::vector<double> numbers(count);
  for (double& number : numbers) {
    number = random.normal();
  }
  return numbers;
}

}  // namespace

TEST_CASE("four matrices are inverted at once", "[kernels]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    const PosteriorKernels& kernels = posterior_kernels(set);
    for (const Eigen::Index n : {1, 2, 3, 4, 5, 8, 13, 21, 45}) {
      INFO(name_of(set) << ", " << n);
      const auto size = static_cast<std::size_t>(n);
      const std::size_t packed = PosteriorKernels::packed_size(size);
      Random random(static_cast<std::uint64_t>(n));
      std::vector<MatrixXd> matrices;
      AlignedNumbers batch(packed * PosteriorKernels::kBatch);
      AlignedNumbers workspace(packed * PosteriorKernels::kBatch);
      for (std::size_t lane = 0; lane < PosteriorKernels::kBatch; ++lane) {
        const std::vector<double> rows = normal_numbers(7 * size, random);
        std::vector<double> sum(packed);
        kernels.add_squares(size, 7, rows.data(), sum.data());
        const Eigen::Map<
            const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
            x(rows.data(), 7, n);
        matrices.emplace_back(x.transpose() * x + MatrixXd::Identity(n, n));
        std::size_t k = 0;
        for (Eigen::Index i = 0; i < n; ++i) {
          for (Eigen::Index j = 0; j <= i; ++j, ++k) {
            batch.data()[k * PosteriorKernels::kBatch + lane] = sum[k] + (i == j ? 1.0 : 0.0);
            CHECK(sum[k] + (i == j ? 1.0 : 0.0) ==
                  Approx(matrices.back()(i, j)).epsilon(1e-12).margin(1e-12));
          }
        }
      }
      kernels.invert(size, batch.data(), workspace.data());
      for (std::size_t lane = 0; lane < PosteriorKernels::kBatch; ++lane) {
        const MatrixXd inverse = matrices[lane].inverse();
        std::size_t k = 0;
        for (Eigen::Index i = 0; i < n; ++i) {
          for (Eigen::Index j = 0; j <= i; ++j, ++k) {
            CHECK(batch.data()[k * PosteriorKernels::kBatch + lane] ==
                  Approx(inverse(i, j)).epsilon(1e-9).margin(1e-11));
          }
        }
      }
    }
  }
}

TEST_CASE("weighted rows are added up, four at a time and one by one", "[kernels]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    const PosteriorKernels& kernels = posterior_kernels(set);
    for (const std::size_t count : {1, 3, 4, 7, 22, 252}) {
      for (const std::size_t rows : {0, 1, 3, 4, 6, 32}) {
        INFO(name_of(set) << ", " << rows << " rows of " << count);
        Random random(count + rows);
        const std::vector<double> numbers = normal_numbers(rows * count, random);
        const std::vector<double> weights = normal_numbers(rows, random);
        std::vector<const double*> from(rows);
        std::vector<double> sum(count, 0.5);
        std::vector<double> expected = sum;
        for (std::size_t r = 0; r < rows; ++r) {
          from[r] = numbers.data() + r * count;
          for (std::size_t k = 0; k < count; ++k) {
            expected[k] += weights[r] * from[r][k];
          }
        }
        kernels.add_rows(count, rows, from.data(), weights.data(), sum.data());
        for (std::size_t k = 0; k < count; ++k) {
          CHECK(sum[k] == Approx(expected[k]).epsilon(1e-12).margin(1e-12));
        }
      }
    }
  }
}

TEST_CASE("matrices are laid side by side and taken apart", "[kernels]") {
  constexpr std::size_t kBatch = PosteriorKernels::kBatch;
  for (const InstructionSet set : supported_instruction_sets()) {
    const PosteriorKernels& kernels = posterior_kernels(set);
    for (const std::size_t count : {1, 3, 4, 6, 15, 231}) {
      INFO(name_of(set) << ", " << count);
      Random random(count);
      const std::vector<double> start = normal_numbers(count, random);
      const std::vector<double> scales = normal_numbers(kBatch, random);
      const std::vector<double> numbers = normal_numbers(kBatch * count, random);
      const double* from[kBatch] = {};
      for (std::size_t lane = 0; lane < kBatch; ++lane) {
        from[lane] = numbers.data() + lane * count;
      }
      AlignedNumbers together(count * kBatch);
      AlignedNumbers apart(count * kBatch);
      kernels.interleave(count, start.data(), scales.data(), from, together.data());
      kernels.separate(count, together.data(), apart.data());
      for (std::size_t lane = 0; lane < kBatch; ++lane) {
        for (std::size_t k = 0; k < count; ++k) {
          const double expected = start[k] + scales[lane] * from[lane][k];
          CHECK(together.data()[k * kBatch + lane] == Approx(expected).epsilon(1e-14));
          CHECK(apart.data()[lane * count + k] == together.data()[k * kBatch + lane]);
        }
      }
    }
  }
}

TEST_CASE("packed symmetric matrices multiply, and numbers add up to a dot product", "[kernels]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    const PosteriorKernels& kernels = posterior_kernels(set);
    for (const std::size_t n : {1, 2, 4, 5, 9, 21, 46}) {
      INFO(name_of(set) << ", " << n);
      Random random(n);
      const std::vector<double> matrix = normal_numbers(PosteriorKernels::packed_size(n), random);
      const std::vector<double> x = normal_numbers(n, random);
      std::vector<double> expected(n);
      double squares = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j) {
          const std::size_t row = std::max(i, j);
          expected[i] += matrix[row * (row + 1) / 2 + std::min(i, j)] * x[j];
        }
        squares += x[i] * x[i];
      }
      std::vector<double> y(n);
      kernels.multiply(n, matrix.data(), x.data(), y.data());
      for (std::size_t i = 0; i < n; ++i) {
        CHECK(y[i] == Approx(expected[i]).epsilon(1e-12).margin(1e-12));
      }
      CHECK(kernels.dot(n, x.data(), x.data()) == Approx(squares).epsilon(1e-13));
    }
  }
}
