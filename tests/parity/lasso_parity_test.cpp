#include <algorithm>
#include <cmath>
#include <string>
#include <string_view>

#include <catch2/catch.hpp>

#include "balse/data/input_file.hpp"
#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/model/lasso.hpp"

#include "parity/predictions_file.hpp"
#include "parity/shared_data.hpp"

using namespace balse;

namespace {

/// Train + validation of the reference's split nb0.
struct Reference {
  Ratings ratings;
  RatingMatrix known;
  TagMatrix tags;

  Reference() {
    const std::string folder = test::shared_path("reference/mangaki-shaped/");
    ReadRatingsSummary ratings_summary;
    ratings = read_ratings(folder + "ratings.csv", {}, ratings_summary);
    const auto parts = read_splits(folder + "folds.csv.gz", "nb", ratings)->parts(0);
    known = make_rating_matrix(
        ratings, [&](std::size_t row) { return parts[row] != Part::test; }, 2);
    ReadTagsSummary tags_summary;
    tags = align_tags(read_tags(folder + "tags.csv", {}, tags_summary), ratings.items);
  }
};

Lasso fit(const Reference& reference, TagScaling scaling, double objective_sum) {
  LassoOptions options;
  options.relative_gap = 1e-6;
  options.scaling = scaling;
  LassoSummary summary;
  Lasso lasso = fit_lasso(reference.known.by_user, reference.tags, options, &summary);
  CHECK(summary.not_converged == 0);
  CHECK(summary.worst_gap <= 1e-6);
  CHECK(summary.objective_sum == Approx(objective_sum).epsilon(1e-8));
  return lasso;
}

}  // namespace

TEST_CASE("every user's raw LASSO reaches the reference's objective", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  const Reference reference;
  const Lasso lasso = fit(reference, TagScaling::raw, 939.713047);

  // user,n,intercept,objective, with an absolute duality gap of 4e-10.
  InputFile file(test::shared_path("reference/lasso_raw_nb0_intercepts.csv.gz"));
  std::string_view line;
  REQUIRE(file.next_line(line));
  std::size_t users = 0;
  while (file.next_line(line)) {
    const auto user = reference.ratings.users.find(line.substr(0, line.find(',')));
    REQUIRE(user);
    CAPTURE(line);
    const double published = std::stod(std::string(line.substr(line.rfind(',') + 1)));
    REQUIRE(lasso.objective_of(*user) <= published * (1 + 1e-6));
    REQUIRE(lasso.objective_of(*user) >= published * (1 - 1e-6));
    ++users;
  }
  CHECK(users == 2074);

  std::size_t rows = 0;
  std::size_t close = 0;
  test::for_each_reference_prediction([&](const test::ReferencePrediction& row) {
    if (row.set == "test" && row.lasso_raw_exact) {
      const double ours = lasso.predict(reference.ratings.user[row.row],
                                        reference.ratings.item[row.row], reference.tags);
      ++rows;
      close += std::abs(std::clamp(ours, -2.0, 2.0) - *row.lasso_raw_exact) <= 2e-3 ? 1 : 0;
    }
  });
  CHECK(rows > 33000);
  CHECK(static_cast<double>(close) >= 0.99 * static_cast<double>(rows));
}

TEST_CASE("the scaled LASSO reaches the reference's objective", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  fit(Reference(), TagScaling::standard_deviation, 448.00538758);
}
