// The reference tables that are known for the shared folds, and real ratings.

#include <optional>
#include <string>

#include <catch2/catch.hpp>

#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/evaluation/cross_validation.hpp"

#include "parity/shared_data.hpp"

using namespace balse;

namespace {

struct DataSet {
  Ratings ratings;
  std::optional<TagMatrix> tags;
};

DataSet read(const std::string& ratings, const std::string& tags) {
  DataSet data;
  ReadRatingsSummary ratings_summary;
  data.ratings = read_ratings(test::shared_path(ratings), {}, ratings_summary);
  if (!tags.empty()) {
    ReadTagsSummary tags_summary;
    data.tags =
        align_tags(read_tags(test::shared_path(tags), {}, tags_summary), data.ratings.items);
  }
  return data;
}

CrossValidationResult run(const DataSet& data, const CrossValidationOptions& options,
                          const Splits& splits) {
  return cross_validate(data.ratings, data.tags ? &*data.tags : nullptr, splits, options);
}

CrossValidationResult run_paper_protocol(const DataSet& data) {
  return run(data, {}, *make_splits({}, data.ratings));
}

double all(const CrossValidationResult& result, Model model) {
  return result.figure(model, Subset::all).mean;
}
double little_known(const CrossValidationResult& result, Model model) {
  return result.figure(model, Subset::little_known).mean;
}
double cold(const CrossValidationResult& result, Model model) {
  return result.figure(model, Subset::cold_start).mean;
}

constexpr double kAllTolerance = 0.002;
constexpr double kColdTolerance = 0.006;

}  // namespace

TEST_CASE("the notebook's folds give the known table", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  const DataSet data =
      read("reference/mangaki-shaped/ratings.csv", "reference/mangaki-shaped/tags.csv");
  CrossValidationOptions options;
  options.model.als.rank = 10;
  options.model.clip_range = ClipRange{.low = -2.0, .high = 2.0};
  options.little_known.least_rated = 1000;
  const auto splits =
      read_splits(test::shared_path("reference/mangaki-shaped/folds.csv.gz"), "nb", data.ratings);
  const CrossValidationResult result = run(data, options, *splits);
  REQUIRE(result.folds.size() == 5);
  CHECK(all(result, Model::user_mean) == Approx(1.3168).margin(kAllTolerance));
  CHECK(cold(result, Model::user_mean) == Approx(1.3357).margin(kColdTolerance));
  CHECK(all(result, Model::als) == Approx(1.1578).margin(kAllTolerance));
  CHECK(cold(result, Model::als) == Approx(1.3357).margin(kColdTolerance));
  CHECK(all(result, Model::lasso) == Approx(1.3086).margin(kAllTolerance));
  CHECK(cold(result, Model::lasso) == Approx(1.2729).margin(kColdTolerance));
  CHECK(all(result, Model::balse) == Approx(1.1477).margin(kAllTolerance));
  CHECK(cold(result, Model::balse) == Approx(1.2811).margin(kColdTolerance));
  // The counts of the shared subsets.csv.gz.
  CHECK(result.folds[0].rows[static_cast<std::size_t>(Subset::cold_start)] == 247);
  CHECK(result.folds[4].rows[static_cast<std::size_t>(Subset::cold_start)] == 260);
  CHECK(result.folds[0].rows[static_cast<std::size_t>(Subset::little_known)] == 1000);
}

TEST_CASE("the paper's folds give the known table", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  const DataSet data =
      read("reference/mangaki-shaped/ratings.csv", "reference/mangaki-shaped/tags.csv");
  CrossValidationOptions options;
  options.model.clip_range = ClipRange{.low = -2.0, .high = 2.0};
  const auto splits =
      read_splits(test::shared_path("reference/mangaki-shaped/folds.csv.gz"), "kf", data.ratings);
  const CrossValidationResult result = run(data, options, *splits);
  CHECK(all(result, Model::user_mean) == Approx(1.3110).margin(kAllTolerance));
  CHECK(cold(result, Model::user_mean) == Approx(1.2991).margin(kColdTolerance));
  CHECK(all(result, Model::als) == Approx(1.1644).margin(kAllTolerance));
  CHECK(cold(result, Model::als) == Approx(1.2991).margin(kColdTolerance));
  CHECK(all(result, Model::lasso) == Approx(1.3072).margin(kAllTolerance));
  CHECK(cold(result, Model::lasso) == Approx(1.2573).margin(kColdTolerance));
  CHECK(all(result, Model::balse) == Approx(1.1565).margin(kAllTolerance));
  CHECK(cold(result, Model::balse) == Approx(1.2620).margin(kColdTolerance));
  CHECK(little_known(result, Model::balse) == Approx(1.2662).margin(kColdTolerance));
  CHECK(result.folds[0].rows[static_cast<std::size_t>(Subset::little_known)] == 1751);
  for (const FoldResult& fold : result.folds) {
    CHECK(fold.lasso_summary.not_converged == 0);
  }
}

TEST_CASE("on real ratings BALSE is no worse than its blocks, and better than ALS on cold items",
          "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  const CrossValidationResult result =
      run_paper_protocol(read("data/mal-caserec/ratings.csv", "data/mal-caserec/tags.csv"));
  CHECK(all(result, Model::balse) <= all(result, Model::als));
  CHECK(all(result, Model::balse) <= all(result, Model::lasso));
  CHECK(cold(result, Model::balse) < cold(result, Model::als));
  // Measured by others with other random splits.
  CHECK(all(result, Model::user_mean) == Approx(1.3567).margin(0.003));
  CHECK(all(result, Model::bias) == Approx(1.2057).margin(0.004));
  CHECK(all(result, Model::als) == Approx(1.1904).margin(0.004));
  CHECK(all(result, Model::lasso) == Approx(1.3736).margin(0.004));
  CHECK(all(result, Model::balse) == Approx(1.1773).margin(0.004));
}

TEST_CASE("other real ratings give sane tables", "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  for (const std::string name : {"data/ml-100k/u.data", "data/ml-latest-small/ratings.csv",
                                 "data/mangaki/ratings_mini.csv"}) {
    INFO(name);
    const CrossValidationResult result = run_paper_protocol(read(name, ""));
    CHECK(result.models.size() == 4);
    CHECK(all(result, Model::bias) < all(result, Model::global_mean));
    if (name != "data/mangaki/ratings_mini.csv") {  // 1.4 ratings a user teach ALS nothing
      CHECK(all(result, Model::als) < all(result, Model::user_mean));
    }
  }
}
