#include "model/blocks/lasso/cholesky_factor.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/random.hpp"

namespace balse::cholesky_factor_test {
namespace {

using Matrix = std::vector<std::vector<double>>;

// X X' for random X with `rank` columns.
Matrix random_gram(std::size_t size, std::size_t rank, std::uint64_t seed) {
  Random random(seed);
  Matrix x(size, std::vector<double>(rank));
  for (auto& row : x) {
    for (double& value : row) {
      value = random.normal();
    }
  }
  Matrix gram(size, std::vector<double>(size, 0.0));
  for (std::size_t i = 0; i < size; ++i) {
    for (std::size_t j = 0; j < size; ++j) {
      for (std::size_t k = 0; k < rank; ++k) {
        gram[i][j] += x[i][k] * x[j][k];
      }
    }
  }
  return gram;
}

bool append(CholeskyFactor& factor, const Matrix& gram, const std::vector<std::size_t>& kept,
            std::size_t index) {
  AlignedVector row(gram.size());
  for (std::size_t k = 0; k < kept.size(); ++k) {
    row[k] = gram[index][kept[k]];
  }
  return factor.append(row.data(), gram[index][index]);
}

// G x for the solution x of G x = 1, 2, 3, ...
void check_solves(const CholeskyFactor& factor, const Matrix& gram,
                  const std::vector<std::size_t>& kept) {
  AlignedVector x(kept.size());
  for (std::size_t k = 0; k < kept.size(); ++k) {
    x[k] = static_cast<double>(k + 1);
  }
  factor.solve_lower(x.data());
  factor.solve_upper(x.data());
  for (std::size_t i = 0; i < kept.size(); ++i) {
    double sum = 0.0;
    for (std::size_t k = 0; k < kept.size(); ++k) {
      sum += gram[kept[i]][kept[k]] * x[k];
    }
    CHECK(sum == Approx(static_cast<double>(i + 1)).epsilon(1e-7));
  }
}

TEST_CASE("CholeskyFactor solves as rows come and go", "[lasso]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    CAPTURE(name_of(set));
    const Matrix gram = random_gram(90, 120, 5);
    CholeskyFactor factor(lasso_kernels(set));
    std::vector<std::size_t> kept;
    for (std::size_t index = 0; index < gram.size(); ++index) {  // past the first allocation
      REQUIRE(append(factor, gram, kept, index));
      kept.push_back(index);
    }
    check_solves(factor, gram, kept);
    for (const std::size_t slot : {40, 0, 87, 13, 85}) {  // inside, first, last, inside, inside
      factor.remove(slot);
      kept.erase(kept.begin() + static_cast<std::ptrdiff_t>(slot));
      check_solves(factor, gram, kept);
    }
    REQUIRE(append(factor, gram, kept, 40));
    kept.push_back(40);
    check_solves(factor, gram, kept);
    while (factor.size() > 0) {
      factor.remove(factor.size() / 2);
    }
    kept.clear();
    REQUIRE(append(factor, gram, kept, 3));
  }
}

TEST_CASE("CholeskyFactor refuses a row that depends on those before", "[lasso]") {
  const Matrix gram = random_gram(8, 5, 6);
  CholeskyFactor factor(lasso_kernels(best_instruction_set()));
  std::vector<std::size_t> kept;
  for (std::size_t index = 0; index < 5; ++index) {
    REQUIRE(append(factor, gram, kept, index));
    kept.push_back(index);
  }
  CHECK_FALSE(append(factor, gram, kept, 5));
  CHECK(factor.size() == 5);
  check_solves(factor, gram, kept);
  factor.remove(2);
  kept.erase(kept.begin() + 2);
  CHECK(append(factor, gram, kept, 5));
}

}  // namespace
}  // namespace balse::cholesky_factor_test
