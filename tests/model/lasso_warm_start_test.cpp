#include <cmath>
#include <limits>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/lasso.hpp"

#include "model/lasso_problems.hpp"

namespace balse::lasso_warm_start_test {
namespace {

using test::next_day;
using test::plain_problem;
using test::Problem;
using test::random_problem;

struct Fit {
  Lasso lasso;
  LassoSummary summary;
};

Fit fit(const Problem& problem, const LassoOptions& options, const Lasso& start = {}) {
  Fit result;
  result.lasso = fit_lasso(problem.ratings, problem.tags, options, start, &result.summary);
  return result;
}

// Every pair of options that changes what a coefficient means.
std::vector<LassoOptions> all_options(double relative_gap) {
  std::vector<LassoOptions> result;
  for (const bool intercept : {true, false}) {
    for (const TagScaling scaling : {TagScaling::raw, TagScaling::standard_deviation}) {
      result.push_back({.alpha = 0.01,
                        .intercept = intercept,
                        .scaling = scaling,
                        .relative_gap = relative_gap,
                        .threads = 2});
    }
  }
  return result;
}

// The stored coefficients, not what the solver says of them.
double objective_of(const Lasso& lasso, const Problem& problem, std::size_t user,
                    const LassoOptions& options, const std::vector<double>& deviation) {
  double squares = 0.0;
  const auto items = problem.ratings.indices_of(user);
  for (std::size_t k = 0; k < items.size(); ++k) {
    const double residual =
        problem.ratings.values_of(user)[k] - lasso.predict(user, items[k], problem.tags);
    squares += residual * residual;
  }
  double penalty = 0.0;
  for (std::size_t k = 0; k < lasso.tags_of(user).size(); ++k) {
    const bool scaled = options.scaling == TagScaling::standard_deviation;
    penalty += std::abs(lasso.coefficients_of(user)[k]) *
               (scaled ? deviation[lasso.tags_of(user)[k]] : 1.0);
  }
  return squares / (2.0 * static_cast<double>(items.size())) + options.alpha * penalty;
}

void check_same_optimum(const Problem& problem, const LassoOptions& options, const Fit& cold,
                        const Fit& warm) {
  CHECK(warm.summary.not_converged == 0);
  CHECK(warm.summary.worst_gap <= options.relative_gap);
  CHECK(warm.summary.users == cold.summary.users);
  CHECK(warm.summary.warm_users + warm.summary.cold_users == warm.summary.users);
  REQUIRE(warm.lasso.users() == problem.ratings.rows());
  const std::vector<double> deviation = test::deviations(problem.tags);
  for (std::size_t user = 0; user < warm.lasso.users(); ++user) {
    CAPTURE(user);
    if (problem.ratings.count(user) == 0) {
      CHECK(warm.lasso.tags_of(user).empty());
      CHECK(warm.lasso.intercept_of(user) == 0.0);
      continue;
    }
    const double best = cold.lasso.objective_of(user);
    const double epsilon = 2.0 * options.relative_gap;
    CHECK(warm.lasso.objective_of(user) == Approx(best).epsilon(epsilon).margin(1e-14));
    CHECK(objective_of(warm.lasso, problem, user, options, deviation) ==
          Approx(best).epsilon(epsilon + 1e-10).margin(1e-12));
  }
}

// A row a user, tags ascending.
Lasso make_start(const std::vector<std::vector<double>>& users) {
  std::vector<std::uint64_t> start = {0};
  std::vector<std::uint32_t> tag;
  std::vector<double> coefficient;
  for (const auto& user : users) {
    for (std::size_t j = 0; j < user.size(); ++j) {
      if (user[j] != 0.0) {
        tag.push_back(static_cast<std::uint32_t>(j));
        coefficient.push_back(user[j]);
      }
    }
    start.push_back(tag.size());
  }
  return {start, tag, coefficient, std::vector<double>(users.size()),
          std::vector<double>(users.size())};
}

std::vector<std::vector<double>> dense(const Lasso& lasso, std::size_t tags) {
  std::vector<std::vector<double>> users(lasso.users(), std::vector<double>(tags, 0.0));
  for (std::size_t user = 0; user < lasso.users(); ++user) {
    for (std::size_t k = 0; k < lasso.tags_of(user).size(); ++k) {
      users[user][lasso.tags_of(user)[k]] = lasso.coefficients_of(user)[k];
    }
  }
  return users;
}

TEST_CASE("Lasso from its own solution takes no step", "[lasso][warm]") {
  for (const LassoOptions& options : all_options(1e-9)) {
    CAPTURE(options.intercept, options.scaling == TagScaling::raw);
    const Problem problem = plain_problem(3, 40);
    const Fit cold = fit(problem, options);
    const Fit warm = fit(problem, options, cold.lasso);
    CHECK(warm.summary.steps == 0);
    CHECK(warm.summary.warm_users == 40);
    CHECK(cold.summary.warm_users == 0);
    CHECK(cold.summary.cold_users == 40);
    check_same_optimum(problem, options, cold, warm);
  }
}

TEST_CASE("Lasso from yesterday's solution takes few steps to today's", "[lasso][warm]") {
  for (const LassoOptions& options : all_options(1e-9)) {
    CAPTURE(options.intercept, options.scaling == TagScaling::raw);
    const Problem yesterday = plain_problem(4, 40);
    const Problem today = next_day(yesterday, 5);
    const Fit start = fit(yesterday, options);
    const Fit cold = fit(today, options);
    const Fit warm = fit(today, options, start.lasso);
    check_same_optimum(today, options, cold, warm);
    CHECK(warm.summary.warm_users == 40);
    CHECK(warm.summary.cold_users == 1);  // of the two new ones one has no ratings
    CHECK(4 * warm.summary.steps < cold.summary.steps);
  }
}

// Ties, identical and dependent columns, more tags than ratings, users without ratings.
TEST_CASE("Lasso from a start is right on degenerate problems", "[lasso][warm]") {
  std::size_t warm_users = 0;
  std::size_t users = 0;
  for (const LassoOptions& base : all_options(1e-9)) {
    for (std::uint64_t seed = 0; seed < 40; ++seed) {
      LassoOptions options = base;
      options.alpha = seed % 3 == 0 ? 0.1 : 0.01;
      CAPTURE(options.intercept, options.scaling == TagScaling::raw, seed);
      const Problem yesterday = random_problem(seed, 25, 4 + seed % 12, 12, seed % 2 == 0 ? 6 : 40);
      const Problem today = next_day(yesterday, seed);
      const Fit start = fit(yesterday, options);
      const Fit cold = fit(today, options);
      const Fit warm = fit(today, options, start.lasso);
      check_same_optimum(today, options, cold, warm);
      for (std::size_t user = 0; user < yesterday.ratings.rows(); ++user) {
        const bool some = !start.lasso.tags_of(user).empty();
        users += some && today.ratings.count(user) != 0 ? 1 : 0;
      }
      warm_users += warm.summary.warm_users;
    }
  }
  CHECK(warm_users > users * 9 / 10);
}

// As many binary tags as ratings and more: the way from the start meets tags that depend on the
// active ones, and no fit from nothing may cover up for a way that stopped there.
TEST_CASE("Lasso from a start reaches the optimum where tags depend on each other",
          "[lasso][warm]") {
  for (const LassoOptions& options : all_options(1e-9)) {
    CAPTURE(options.intercept, options.scaling == TagScaling::raw);
    Random random(11);
    test::Rows items(200, std::vector<double>(40, 0.0));
    for (auto& item : items) {
      for (double& weight : item) {
        weight = random.uniform() < 0.2 ? 1.0 : 0.0;
      }
    }
    std::vector<test::UserRatings> users(300);
    for (std::size_t user = 0; user < users.size(); ++user) {
      for (std::size_t k = 0; k < 10 + user % 40; ++k) {
        users[user].emplace_back(static_cast<std::uint32_t>(random.below(200)),
                                 static_cast<float>(7.0 + 2.0 * random.normal()));
      }
    }
    const Problem yesterday{test::tag_matrix(items, 40), test::rating_rows(users)};
    const Fit start = fit(yesterday, options);
    Problem today = next_day(yesterday, 6);
    today.tags = yesterday.tags;
    const Fit warm = fit(today, options, start.lasso);
    check_same_optimum(today, options, fit(today, options), warm);
    CHECK(warm.summary.warm_users > 285);  // the others' starts are worse than nothing
  }
}

TEST_CASE("Lasso from nonsense still reaches the optimum", "[lasso][warm]") {
  for (const LassoOptions& options : all_options(1e-7)) {
    for (const std::uint64_t seed : {1, 2, 3, 4, 5, 6}) {
      const Problem problem =
          seed % 2 == 0 ? plain_problem(seed, 12) : random_problem(seed, 60, 20, 12, 40);
      const Fit cold = fit(problem, options);
      const std::size_t tags = problem.tags.tag_count;
      const auto solution = dense(cold.lasso, tags);
      Random random(seed);
      for (const double size : {1e-6, 1e-2, 1.0, 1e8, 1e160}) {
        for (const double wrong : {0.0, -0.2, -1.0}) {
          CAPTURE(options.intercept, options.scaling == TagScaling::raw, seed, size, wrong);
          std::vector<std::vector<double>> start = solution;
          for (auto& user : start) {
            for (double& coefficient : user) {
              coefficient = wrong * coefficient + size * random.normal();
            }
          }
          check_same_optimum(problem, options, cold, fit(problem, options, make_start(start)));
        }
      }
    }
  }
}

TEST_CASE("Lasso from numbers that are none starts from nothing", "[lasso][warm]") {
  const Problem problem = plain_problem(8, 6);
  const LassoOptions options;
  const Fit cold = fit(problem, options);
  auto users = dense(cold.lasso, 80);
  for (std::size_t user = 0; user < users.size(); ++user) {
    users[user][user] = user % 2 == 0 ? std::nan("") : std::numeric_limits<double>::infinity();
  }
  const Fit warm = fit(problem, options, make_start(users));
  CHECK(warm.summary.warm_users == 0);
  CHECK(warm.summary.steps == cold.summary.steps);
  CHECK(warm.summary.objective_sum == cold.summary.objective_sum);
}

TEST_CASE("Lasso takes a start with fewer users, other tags, or none at all", "[lasso][warm]") {
  const Problem problem = plain_problem(9, 20);
  const LassoOptions options;
  const Fit cold = fit(problem, options);
  CHECK(fit(problem, options, make_start({})).summary.steps == cold.summary.steps);

  auto users = dense(cold.lasso, 90);  // tags 80 to 89 are nobody's
  users.resize(7);
  for (auto& user : users) {
    user[85] = 3.0;
  }
  const Fit warm = fit(problem, options, make_start(users));
  CHECK(warm.summary.warm_users == 7);
  CHECK(warm.summary.cold_users == 13);
  CHECK(warm.summary.steps > 0);
  CHECK(warm.summary.steps < cold.summary.steps);
  check_same_optimum(problem, options, cold, warm);

  users.resize(30);  // more than there are
  check_same_optimum(problem, options, cold, fit(problem, options, make_start(users)));
}

TEST_CASE("Lasso from a start is the same bits at any thread count", "[lasso][warm]") {
  LassoOptions options;
  options.threads = 1;
  const Problem yesterday = plain_problem(10, 60);
  const Problem today = next_day(yesterday, 10);
  const Fit start = fit(yesterday, options);
  const Fit one = fit(today, options, start.lasso);
  CHECK(one.summary.steps > 0);
  for (const int threads : {2, 5}) {
    options.threads = threads;
    const Fit many = fit(today, options, start.lasso);
    CHECK(many.summary.steps == one.summary.steps);
    CHECK(many.summary.warm_users == one.summary.warm_users);
    CHECK(many.summary.objective_sum == one.summary.objective_sum);
    CHECK(dense(many.lasso, 80) == dense(one.lasso, 80));
    for (std::size_t user = 0; user < one.lasso.users(); ++user) {
      CHECK(many.lasso.intercept_of(user) == one.lasso.intercept_of(user));
      CHECK(many.lasso.objective_of(user) == one.lasso.objective_of(user));
    }
  }
}

}  // namespace
}  // namespace balse::lasso_warm_start_test
