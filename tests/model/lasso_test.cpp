#include "balse/model/lasso.hpp"

#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "model/blocks/lasso/fit.hpp"
#include "model/kernels/instruction_set.hpp"
#include "model/lasso_problems.hpp"

namespace balse::lasso_test {
namespace {

using test::DenseUser;
using test::Problem;
using test::random_problem;

struct Case {
  Problem problem;
  LassoOptions options;
};

std::vector<double> scale_of(const Case& c) {
  return c.options.scaling == TagScaling::raw ? std::vector<double>(c.problem.tags.tag_count, 1.0)
                                              : test::deviations(c.problem.tags);
}

// A user's coefficients in the units of the scaled tags.
std::vector<double> scaled_coefficients(const Lasso& lasso, std::size_t user,
                                        const std::vector<double>& scale) {
  std::vector<double> b(scale.size(), 0.0);
  const auto tags = lasso.tags_of(user);
  for (std::size_t k = 0; k < tags.size(); ++k) {
    b[tags[k]] = lasso.coefficients_of(user)[k] * scale[tags[k]];
  }
  return b;
}

// The Karush-Kuhn-Tucker conditions: x_j.r / n = alpha sign(b_j), or at most alpha where b_j = 0,
// and the residuals sum to 0 if there is an intercept.
void check_optimal(const DenseUser& user, const std::vector<double>& b, double intercept,
                   const LassoOptions& options) {
  const std::vector<double> r = user.residual(b, intercept);
  const auto n = static_cast<double>(r.size());
  double sum = 0.0;
  for (const double value : r) {
    sum += value / n;
  }
  if (options.intercept) {
    CHECK(std::abs(sum) < 1e-9);
  } else {
    CHECK(intercept == 0.0);
  }
  for (std::size_t j = 0; j < b.size(); ++j) {
    double correlation = 0.0;
    for (std::size_t i = 0; i < r.size(); ++i) {
      correlation += user.x[i][j] * r[i] / n;
    }
    if (b[j] == 0.0) {
      CHECK(std::abs(correlation) <= options.alpha * (1 + 1e-7));
    } else {
      CHECK(correlation == Approx(std::copysign(options.alpha, b[j])).epsilon(1e-7));
    }
  }
}

void check_all_users(const Case& c, const LassoKernels& kernels) {
  LassoSummary summary;
  const Lasso lasso =
      fit_lasso_with(kernels, c.problem.ratings, c.problem.tags, c.options, {}, &summary);
  CHECK(summary.not_converged == 0);
  CHECK(summary.worst_gap <= c.options.relative_gap);
  const std::vector<double> scale = scale_of(c);
  double sum = 0.0;
  std::size_t fitted = 0;
  for (std::size_t user = 0; user < c.problem.ratings.rows(); ++user) {
    CAPTURE(user);
    if (c.problem.ratings.count(user) == 0) {
      CHECK(lasso.tags_of(user).empty());
      CHECK(lasso.intercept_of(user) == 0.0);
      CHECK(lasso.objective_of(user) == 0.0);
      continue;
    }
    ++fitted;
    const DenseUser dense(c.problem, user, scale);
    const std::vector<double> b = scaled_coefficients(lasso, user, scale);
    const double best = test::reference_objective(dense, c.options.alpha, c.options.intercept);
    CHECK(dense.objective(b, lasso.intercept_of(user), c.options.alpha) ==
          Approx(best).epsilon(1e-8).margin(1e-12));
    CHECK(lasso.objective_of(user) == Approx(best).epsilon(1e-8).margin(1e-12));
    check_optimal(dense, b, lasso.intercept_of(user), c.options);
    sum += best;
  }
  CHECK(summary.users == fitted);
  CHECK(summary.objective_sum == Approx(sum).epsilon(1e-8));
}

Problem one_user(const test::Rows& items, const test::UserRatings& ratings) {
  return {test::tag_matrix(items, items[0].size()), test::rating_rows({ratings})};
}

TEST_CASE("Lasso reaches the objective of a plain coordinate descent on degenerate problems",
          "[lasso]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    for (const bool intercept : {true, false}) {
      for (const TagScaling scaling : {TagScaling::raw, TagScaling::standard_deviation}) {
        for (std::uint64_t seed = 0; seed < 12; ++seed) {
          CAPTURE(name_of(set), intercept, scaling == TagScaling::raw, seed);
          Case c{random_problem(seed, 25, 4 + seed, 12, seed % 2 == 0 ? 6 : 40), {}};
          c.options.alpha = seed % 3 == 0 ? 0.1 : 0.01;
          c.options.intercept = intercept;
          c.options.scaling = scaling;
          c.options.relative_gap = 1e-10;
          check_all_users(c, lasso_kernels(set));
        }
      }
    }
  }
}

// Large enough for every remainder loop of the kernels, for tags that leave again (more knots than
// coefficients), and for the factor to grow.
TEST_CASE("Lasso is exact when many tags enter and some leave", "[lasso]") {
  for (const InstructionSet set : supported_instruction_sets()) {
    CAPTURE(name_of(set));
    Case c{random_problem(99, 400, 90, 4, 350), {}};
    c.options.relative_gap = 1e-10;
    c.options.alpha = 0.003;
    LassoSummary summary;
    fit_lasso_with(lasso_kernels(set), c.problem.ratings, c.problem.tags, c.options, {}, &summary);
    CHECK(summary.steps > summary.nonzeros + 4);
    CHECK(summary.nonzeros > 160);
    check_all_users(c, lasso_kernels(set));
  }
}

// Of so many tags an item has few, and products with the Gram matrix are those of X.
TEST_CASE("Lasso is exact where there are thousands of tags", "[lasso]") {
  constexpr std::size_t kTags = 1500;
  for (const bool intercept : {true, false}) {
    Random random(31);
    test::Rows items(200, std::vector<double>(kTags, 0.0));
    for (std::size_t item = 0; item + 20 < items.size(); ++item) {  // the last ones have no tags
      for (int k = 0; k < 30; ++k) {
        items[item][random.below(kTags)] = 0.1 + 0.9 * random.uniform();
      }
    }
    std::vector<test::UserRatings> users(3);
    for (auto& user : users) {
      for (std::size_t k = 0; k < 180; ++k) {
        user.emplace_back(static_cast<std::uint32_t>(random.below(200)),
                          static_cast<float>(1 + random.below(10)));
      }
    }
    Case c{{test::tag_matrix(items, kTags), test::rating_rows(users)}, {}};
    c.options.alpha = 0.02;
    c.options.intercept = intercept;
    c.options.relative_gap = 1e-10;
    LassoSummary summary;
    fit_lasso(c.problem.ratings, c.problem.tags, c.options, &summary);
    CHECK(summary.nonzeros > 3 * 50);
    for (const InstructionSet set : supported_instruction_sets()) {
      CAPTURE(name_of(set), intercept);
      check_all_users(c, lasso_kernels(set));
    }
  }
}

// Tags of 0 and 1, as many of them as ratings: a tag that leaves often comes back from the other
// side on the next segment. No polishing may cover up for a path that lost its way.
TEST_CASE("Lasso's path is exact without polishing", "[lasso]") {
  Random random(7);
  test::Rows items(400, std::vector<double>(40, 0.0));
  for (auto& item : items) {
    for (double& weight : item) {
      weight = random.uniform() < 0.12 ? 1.0 : 0.0;
    }
  }
  std::vector<test::UserRatings> users(1500);
  for (std::size_t user = 0; user < users.size(); ++user) {
    for (std::size_t k = 0; k < 5 + user % 60; ++k) {
      const double rating = std::round(7.0 + 2.0 * random.normal());
      users[user].emplace_back(static_cast<std::uint32_t>(random.below(400)),
                               static_cast<float>(rating));
    }
  }
  LassoOptions options;
  options.relative_gap = 1.0;
  options.scaling = GENERATE(TagScaling::raw, TagScaling::standard_deviation);
  LassoSummary summary;
  fit_lasso(test::rating_rows(users), test::tag_matrix(items, 40), options, &summary);
  CHECK(summary.steps > summary.nonzeros);
  CHECK(summary.worst_gap < 1e-9);
}

// The padding of vectors to whole cache lines must not count as tags, however small lambda is.
TEST_CASE("Lasso stays finite where alpha is next to nothing", "[lasso]") {
  const Case c{random_problem(5, 60, 13, 30, 40), {.alpha = 1e-20, .relative_gap = 1e-6}};
  LassoSummary summary;
  const Lasso lasso = fit_lasso(c.problem.ratings, c.problem.tags, c.options, &summary);
  CHECK(std::isfinite(summary.objective_sum));
  for (std::size_t user = 0; user < lasso.users(); ++user) {
    for (const std::uint32_t tag : lasso.tags_of(user)) {
      CHECK(tag < 13);
    }
  }
}

TEST_CASE("Lasso of one tag is the soft threshold worked out by hand", "[lasso]") {
  // Ratings 4 with the tag, 0 without: slope 4 shrinks by alpha / variance = 0.1 / 0.25.
  const Problem problem = one_user({{1}, {0}}, {{0, 4.0F}, {1, 0.0F}});
  LassoOptions options;
  options.alpha = 0.1;
  const Lasso lasso = fit_lasso(problem.ratings, problem.tags, options);
  REQUIRE(lasso.tags_of(0).size() == 1);
  CHECK(lasso.coefficients_of(0)[0] == Approx(3.6));
  CHECK(lasso.intercept_of(0) == Approx(0.2));
  CHECK(lasso.objective_of(0) == Approx(0.5 * 0.04 + 0.36));
  CHECK(lasso.predict(0, 0, problem.tags) == Approx(3.8));
  CHECK(lasso.predict(0, 1, problem.tags) == Approx(0.2));

  options.intercept = false;  // 4 shrinks by alpha / mean square = 0.1 / 0.5
  const Lasso origin = fit_lasso(problem.ratings, problem.tags, options);
  CHECK(origin.coefficients_of(0)[0] == Approx(3.8));
  CHECK(origin.intercept_of(0) == 0.0);
}

TEST_CASE("Lasso predicts the mean where tags can tell nothing", "[lasso]") {
  const test::Rows items = {{1, 0.3}, {1, 0.7}, {0, 0}};
  const auto [name, ratings, mean] = GENERATE(table<std::string, test::UserRatings, double>({
      {"constant ratings", {{0, 0.1F}, {1, 0.1F}, {2, 0.1F}}, static_cast<double>(0.1F)},
      {"one rating", {{1, -2.0F}}, -2.0},
      {"only an item without tags", {{2, 4.0F}}, 4.0},
      {"the same item twice", {{0, 4.0F}, {0, 2.0F}}, 3.0},
  }));
  CAPTURE(name);
  const Problem problem = one_user(items, ratings);
  LassoSummary summary;
  const Lasso lasso = fit_lasso(problem.ratings, problem.tags, {}, &summary);
  CHECK(lasso.tags_of(0).empty());
  CHECK(lasso.intercept_of(0) == mean);
  CHECK(summary.worst_gap == 0.0);
  CHECK(summary.not_converged == 0);
}

TEST_CASE("Lasso is the same bits at any thread count", "[lasso]") {
  const Problem problem = random_problem(7, 300, 60, 200, 80);
  LassoOptions options;
  options.threads = 1;
  LassoSummary one;
  const Lasso expected = fit_lasso(problem.ratings, problem.tags, options, &one);
  for (const int threads : {2, 5}) {
    options.threads = threads;
    LassoSummary many;
    const Lasso lasso = fit_lasso(problem.ratings, problem.tags, options, &many);
    CHECK(many.objective_sum == one.objective_sum);
    CHECK(many.steps == one.steps);
    for (std::size_t user = 0; user < expected.users(); ++user) {
      const auto left = expected.coefficients_of(user);
      const auto right = lasso.coefficients_of(user);
      const auto tags = expected.tags_of(user);
      REQUIRE(std::vector<double>(left.begin(), left.end()) ==
              std::vector<double>(right.begin(), right.end()));
      REQUIRE(std::vector<std::uint32_t>(tags.begin(), tags.end()) ==
              std::vector<std::uint32_t>(lasso.tags_of(user).begin(), lasso.tags_of(user).end()));
      REQUIRE(lasso.intercept_of(user) == expected.intercept_of(user));
      REQUIRE(lasso.objective_of(user) == expected.objective_of(user));
    }
  }
}

TEST_CASE("Lasso with scaling is the raw one on divided tags, told in raw units", "[lasso]") {
  const Problem problem = random_problem(3, 200, 12, 10, 60);
  const std::vector<double> scale = test::deviations(problem.tags);
  Problem divided = problem;
  for (std::size_t k = 0; k < divided.tags.tag.size(); ++k) {
    divided.tags.weight[k] =
        static_cast<float>(divided.tags.weight[k] / scale[divided.tags.tag[k]]);
  }
  LassoOptions options;
  const Lasso raw = fit_lasso(divided.ratings, divided.tags, options);
  options.scaling = TagScaling::standard_deviation;
  const Lasso scaled = fit_lasso(problem.ratings, problem.tags, options);
  for (std::size_t user = 0; user < scaled.users(); ++user) {
    CHECK(scaled.objective_of(user) == Approx(raw.objective_of(user)).epsilon(1e-5));
    for (std::size_t item = 0; item < 20; ++item) {
      CHECK(scaled.predict(user, item, problem.tags) ==
            Approx(raw.predict(user, item, divided.tags)).margin(1e-4));
    }
  }
}

TEST_CASE("Lasso leaves a tag of deviation 0 as it is", "[lasso]") {
  // All items have tag 0 with weight 0.3; without an intercept it takes its place.
  Problem problem = one_user({{0.3, 0}, {0.3, 1}, {0.3, 0}}, {{0, 1.0F}, {2, 1.0F}});
  LassoOptions options;
  options.intercept = false;
  options.scaling = TagScaling::standard_deviation;
  const Lasso lasso = fit_lasso(problem.ratings, problem.tags, options);
  const double weight = 0.3F;
  REQUIRE(lasso.tags_of(0).size() == 1);
  CHECK(lasso.coefficients_of(0)[0] == Approx((weight - options.alpha) / (weight * weight)));
}

TEST_CASE("LassoOptions say what is wrong with them", "[lasso]") {
  CHECK(LassoOptions{}.validate().empty());
  LassoOptions options;
  options.alpha = 0.0;
  CHECK(options.validate().find("alpha") != std::string::npos);
  options = {};
  options.relative_gap = std::nan("");
  CHECK(options.validate().find("gap") != std::string::npos);
  options = {};
  options.threads = -1;
  CHECK(options.validate().find("threads") != std::string::npos);
}

}  // namespace
}  // namespace balse::lasso_test
