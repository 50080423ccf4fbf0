#include "balse/model/als.hpp"

#include <cmath>
#include <vector>

#include <Eigen/Cholesky>
#include <Eigen/Core>
#include <catch2/catch.hpp>

#include "model/kernels/als_kernels.hpp"
#include "model/random_ratings.hpp"

using namespace balse;

namespace {

/// One side of an ALS iteration as the formula has it, with dense normal equations and Eigen.
void solve_side(const RatingRows& rows, const Factors& fixed, const std::vector<double>& offset,
                bool rows_are_users, const AlsOptions& options, Factors& solved) {
  const auto rank = static_cast<Eigen::Index>(options.rank);
  for (std::size_t row = 0; row < rows.rows(); ++row) {
    const std::size_t n = rows.count(row);
    if (n == 0) {
      continue;
    }
    const double weight =
        options.weighting == AlsWeighting::by_count ? static_cast<double>(n) : 1.0;
    Eigen::MatrixXd gram = options.lambda * weight * Eigen::MatrixXd::Identity(rank, rank);
    Eigen::VectorXd right = Eigen::VectorXd::Zero(rank);
    for (std::size_t k = 0; k < n; ++k) {
      const std::size_t column = rows.indices_of(row)[k];
      const Eigen::Map<const Eigen::VectorXd> x(fixed.row(column).data(), rank);
      gram += x * x.transpose();
      right += x * (rows.values_of(row)[k] - offset[rows_are_users ? row : column]);
    }
    const Eigen::VectorXd solution = gram.ldlt().solve(right);
    std::copy(solution.begin(), solution.end(), solved.row(row).begin());
  }
}

double largest_difference(const Factors& a, const Factors& b) {
  double largest = 0.0;
  for (std::size_t k = 0; k < a.values.size(); ++k) {
    largest = std::max(largest, std::abs(a.values[k] - b.values[k]));
  }
  return largest;
}

struct Problem {
  Ratings ratings = test::random_ratings(60, 90, 900, 7);
  RatingMatrix matrix = make_rating_matrix(
      ratings, [](std::size_t row) { return row % 5 != 0; }, 1);
  RatingMeans means = compute_rating_means(matrix);
};

}  // namespace

TEST_CASE("ALS equals the normal equations solved row by row", "[als]") {
  const Problem problem;
  AlsOptions options;
  options.rank = GENERATE(1, 3, 4, 10, 13, 20);
  options.weighting = GENERATE(AlsWeighting::by_count, AlsWeighting::plain);
  options.centring = GENERATE(AlsCentring::user_mean, AlsCentring::global_mean, AlsCentring::none);
  options.iterations = 3;
  options.unseen = AlsUnseen::initial;

  Factors users;
  Factors items;
  initialise_factors(options, problem.matrix.users(), problem.matrix.items(), users, items);
  const Als als = fit_als(problem.matrix, problem.means, options, users, items);
  for (int iteration = 0; iteration < options.iterations; ++iteration) {
    solve_side(problem.matrix.by_user, items, als.user_offset, true, options, users);
    solve_side(problem.matrix.by_item, users, als.user_offset, false, options, items);
  }
  CHECK(largest_difference(als.users, users) < 1e-9);
  CHECK(largest_difference(als.items, items) < 1e-9);
}

TEST_CASE("the offsets are what the centring says", "[als]") {
  const Problem problem;
  AlsOptions options;
  SECTION("user means, and the global mean for users without ratings") {
    const Als als = fit_als(problem.matrix, problem.means, options);
    CHECK(als.user_offset[0] == problem.means.user[0]);
    CHECK(problem.means.user_count.back() == 0);
    CHECK(als.user_offset.back() == problem.means.global);
  }
  SECTION("global mean") {
    options.centring = AlsCentring::global_mean;
    CHECK(fit_als(problem.matrix, problem.means, options).user_offset[3] == problem.means.global);
  }
  SECTION("none") {
    options.centring = AlsCentring::none;
    CHECK(fit_als(problem.matrix, problem.means, options).user_offset[3] == 0.0);
  }
}

TEST_CASE("what has no rating gets zero factors, or keeps its initial ones", "[als]") {
  const Problem problem;
  const std::size_t unseen = problem.matrix.items() - 1;
  REQUIRE(problem.means.item_count[unseen] == 0);
  AlsOptions options;
  const Als zero = fit_als(problem.matrix, problem.means, options);
  for (const double value : zero.items.row(unseen)) {
    CHECK(value == 0.0);
  }
  CHECK(zero.predict(0, static_cast<std::uint32_t>(unseen)) == problem.means.user[0]);

  options.unseen = AlsUnseen::initial;
  Factors users;
  Factors items;
  initialise_factors(options, problem.matrix.users(), problem.matrix.items(), users, items);
  const Als initial = fit_als(problem.matrix, problem.means, options);
  CHECK(initial.items.row(unseen)[0] == items.row(unseen)[0]);
  CHECK(initial.user_offset.back() == 0.0);
}

TEST_CASE("ALS gives the same bits at any thread count", "[als]") {
  const Problem problem;
  AlsOptions options;
  options.threads = 1;
  const Als one = fit_als(problem.matrix, problem.means, options);
  for (const int threads : {2, 5}) {
    options.threads = threads;
    const Als many = fit_als(problem.matrix, problem.means, options);
    CHECK(many.users.values == one.users.values);
    CHECK(many.items.values == one.items.values);
  }
  options.seed = 43;
  CHECK(fit_als(problem.matrix, problem.means, options).users.values != one.users.values);
}

TEST_CASE("every instruction set solves the same systems", "[als]") {
  const Problem problem;
  const std::size_t rank = GENERATE(3, 20);
  const std::size_t stride = (rank + 3) / 4 * 4;
  const RatingRows& rows = problem.matrix.by_item;
  std::vector<double> fixed(problem.matrix.users() * stride, 0.0);
  Random random(3);
  for (std::size_t row = 0; row < problem.matrix.users(); ++row) {
    for (std::size_t k = 0; k < rank; ++k) {
      fixed[row * stride + k] = random.normal();
    }
  }
  std::vector<std::vector<double>> solutions;
  for (const InstructionSet set : supported_instruction_sets()) {
    std::vector<double> solved(rows.rows() * stride, -1.0);
    const AlsHalfStep step{.start = rows.start.data(),
                           .column = rows.index.data(),
                           .value = rows.value.data(),
                           .row_offset = nullptr,
                           .column_offset = problem.means.user.data(),
                           .fixed = fixed.data(),
                           .solved = solved.data(),
                           .rank = rank,
                           .stride = stride,
                           .lambda = 0.1,
                           .weigh_by_count = true};
    const AlsKernels& kernels = als_kernels(set);
    std::vector<double> workspace(kernels.workspace_size(rank, stride));
    kernels.solve_rows(step, 0, rows.rows(), workspace.data());
    for (std::size_t row = 0; row < rows.rows(); ++row) {
      if (rows.count(row) == 0) {
        CHECK(solved[row * stride] == -1.0);  // left alone
      }
    }
    solutions.push_back(solved);
  }
  for (const auto& solution : solutions) {
    for (std::size_t k = 0; k < solution.size(); ++k) {
      REQUIRE(solution[k] == Approx(solutions.front()[k]).margin(1e-10));
    }
  }
}

TEST_CASE("ALS options that make no sense are named", "[als]") {
  CHECK(AlsOptions{}.validate().empty());
  CHECK_THAT(AlsOptions{.rank = 0}.validate(), Catch::Contains("rank"));
  CHECK_THAT(AlsOptions{.lambda = 0.0}.validate(), Catch::Contains("lambda"));
  CHECK_THAT(AlsOptions{.lambda = std::nan("")}.validate(), Catch::Contains("lambda"));
  CHECK_THAT(AlsOptions{.iterations = 0}.validate(), Catch::Contains("iteration"));
}
