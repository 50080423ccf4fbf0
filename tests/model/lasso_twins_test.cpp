// Tags that say the same: thousands of keywords with one weight on the same items.

#include <algorithm>
#include <cmath>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/lasso.hpp"

#include "model/blocks/lasso/user_solver.hpp"
#include "model/lasso_problems.hpp"

using namespace balse;
using namespace balse::test;

namespace lasso_twins_test {
namespace {

constexpr std::size_t kItems = 60;

std::vector<UserRatings> one_user(std::uint64_t seed) {
  Random random(seed);
  std::vector<UserRatings> users(1);
  for (std::uint32_t item = 0; item < kItems; ++item) {
    users[0].emplace_back(item, static_cast<float>(1 + random.below(10)));
  }
  return users;
}

/// Every item has `each` tags of its own, all of weight 0.5.
TagMatrix keywords(std::size_t each) {
  Rows items(kItems, std::vector<double>(kItems * each, 0.0));
  for (std::size_t item = 0; item < kItems; ++item) {
    for (std::size_t k = 0; k < each; ++k) {
      items[item][item + k * kItems] = 0.5;
    }
  }
  return tag_matrix(items, kItems * each);
}

std::size_t columns_needed(const TagMatrix& tags, const RatingRows& ratings) {
  const LassoOptions options;
  const std::vector<double> scale(tags.tag_count, 1.0);
  UserSolver solver(lasso_kernels_baseline(), tags, scale, options);
  const auto result = solver.solve(ratings.indices_of(0), ratings.values_of(0), {});
  CHECK(result.relative_gap <= options.relative_gap);
  return solver.problem().columns();
}

}  // namespace

TEST_CASE("Lasso takes tags with the same weights on the same items for one", "[lasso]") {
  const RatingRows ratings = rating_rows(one_user(1));
  const TagMatrix single = keywords(1);
  const TagMatrix many = keywords(50);
  LassoSummary of_single;
  LassoSummary of_many;
  const Lasso expected = fit_lasso(ratings, single, {.threads = 1}, &of_single);
  const Lasso fitted = fit_lasso(ratings, many, {.threads = 1}, &of_many);
  CHECK(of_many.steps == of_single.steps);
  CHECK(fitted.objective_of(0) == Approx(expected.objective_of(0)).epsilon(1e-12));
  for (std::size_t item = 0; item < kItems; ++item) {
    CHECK(fitted.predict(0, item, many) == Approx(expected.predict(0, item, single)).margin(1e-9));
  }
  // The first of its kind stands for all.
  for (const std::uint32_t tag : fitted.tags_of(0)) {
    CHECK(tag < kItems);
  }
}

TEST_CASE("tags of the same sums and different items are not taken for one", "[lasso]") {
  // Tag 0 on items 0 and 3, tag 1 on items 1 and 2: rated 1 + 4 and 2 + 3.
  const TagMatrix tags = tag_matrix({{1, 0}, {0, 1}, {0, 1}, {1, 0}, {0, 0}, {0, 0}}, 2);
  const std::vector<double> scale(2, 1.0);
  UserProblem problem(lasso_kernels_baseline(), tags, scale, true, 0.01);
  const RatingRows ratings = rating_rows({{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {4, 9}, {5, 8}}});
  problem.load(ratings.indices_of(0), ratings.values_of(0));
  CHECK(problem.correlation()[0] == problem.correlation()[1]);
  CHECK(problem.diagonal(0) > 0.0);
  CHECK(problem.diagonal(1) > 0.0);
}

TEST_CASE("Lasso's memory does not grow with the tags that depend on others", "[lasso]") {
  const RatingRows ratings = rating_rows(one_user(2));
  CHECK(columns_needed(keywords(50), ratings) <= 2 * kItems);
  // Not the same columns, but sums of few: two weights on pairs of items.
  Random random(3);
  Rows items(kItems, std::vector<double>(3000, 0.0));
  for (std::size_t tag = 0; tag < 3000; ++tag) {
    items[random.below(kItems)][tag] = 0.5;
    items[random.below(kItems)][tag] = 1.0;
  }
  CHECK(columns_needed(tag_matrix(items, 3000), ratings) <= 4 * kItems);
}

}  // namespace lasso_twins_test
