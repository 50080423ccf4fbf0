#include "model/blocks/lasso/coordinate_descent.hpp"

#include <vector>

#include <catch2/catch.hpp>

#include "model/lasso_problems.hpp"

namespace balse::coordinate_descent_test {
namespace {

// What polishes a walk that missed its gap: rarely needed, so it is tried by itself here.
TEST_CASE("Coordinate descent alone reaches the duality gap from zero", "[lasso]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    CAPTURE(name_of(set));
    const test::Problem data = test::random_problem(11, 60, 15, 6, 50);
    const std::vector<double> scale(data.tags.tag_count, 1.0);
    UserProblem problem(lasso_kernels(set), data.tags, scale, true, 0.01);
    for (std::size_t user = 0; user < data.ratings.rows(); ++user) {
      if (data.ratings.count(user) == 0) {
        continue;
      }
      problem.load(data.ratings.indices_of(user), data.ratings.values_of(user));
      AlignedVector coefficient(problem.stride(), 0.0);
      AlignedVector correlation = problem.correlation();
      descend(lasso_kernels(set), problem, 100000, coefficient, correlation);
      const UserProblem::Evaluation result = problem.evaluate(coefficient, correlation);
      CHECK(result.relative_gap < 1e-9);
      const test::DenseUser dense(data, user, scale);
      CHECK(result.objective ==
            Approx(test::reference_objective(dense, 0.01, true)).epsilon(1e-8).margin(1e-12));
    }
  }
}

}  // namespace
}  // namespace balse::coordinate_descent_test
