#include "balse/model/baselines.hpp"

#include <Eigen/Dense>
#include <catch2/catch.hpp>

#include "model/random_ratings.hpp"

using namespace balse;

TEST_CASE("biases are the regularised least squares solution", "[bias]") {
  const Ratings ratings = test::random_ratings(12, 15, 80, 3);
  const RatingMatrix matrix = make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 1);
  const RatingMeans means = compute_rating_means(matrix);
  const BiasOptions options{.lambda_user = 2.0, .lambda_item = 5.0, .sweeps = 2000};
  const BiasModel model = fit_bias(matrix, means, options);

  const Eigen::Index users = 12;
  const Eigen::Index size = users + 15;
  Eigen::MatrixXd normal = Eigen::MatrixXd::Zero(size, size);
  Eigen::VectorXd right = Eigen::VectorXd::Zero(size);
  for (Eigen::Index k = 0; k < size; ++k) {
    normal(k, k) = k < users ? 2.0 : 5.0;
  }
  for (std::size_t k = 0; k < ratings.size(); ++k) {
    const auto u = static_cast<Eigen::Index>(ratings.user[k]);
    const auto i = users + static_cast<Eigen::Index>(ratings.item[k]);
    normal(u, u) += 1.0;
    normal(i, i) += 1.0;
    normal(u, i) += 1.0;
    normal(i, u) += 1.0;
    right(u) += ratings.value[k] - means.global;
    right(i) += ratings.value[k] - means.global;
  }
  const Eigen::VectorXd solution = normal.ldlt().solve(right);
  for (Eigen::Index k = 0; k < size; ++k) {
    const double bias = k < users ? model.user_bias[k] : model.item_bias[k - users];
    CHECK(bias == Approx(solution(k)).margin(1e-9));
  }
  CHECK(model.predict(0, 0) == means.global + model.user_bias[0] + model.item_bias[0]);
}

TEST_CASE("means fall back to the global mean and counts are counts", "[means]") {
  Ratings ratings;
  for (const char* id : {"a", "b", "c"}) {
    ratings.users.insert(id);
    ratings.items.insert(id);
  }
  ratings.user = {0, 0, 1};
  ratings.item = {0, 1, 1};
  ratings.value = {1.0F, 4.0F, -2.0F};
  const RatingMeans means = compute_rating_means(make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 1));
  CHECK(means.global == 1.0);
  CHECK(means.user == std::vector<double>{2.5, -2.0, 1.0});
  CHECK(means.item == std::vector<double>{1.0, 1.0, 1.0});
  CHECK(means.user_count == std::vector<std::uint32_t>{2, 1, 0});
  CHECK(means.item_count == std::vector<std::uint32_t>{1, 2, 0});
  CHECK(means.lowest == -2.0F);
  CHECK(means.highest == 4.0F);
}
