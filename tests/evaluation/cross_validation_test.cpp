#include "balse/evaluation/cross_validation.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/evaluation/report.hpp"

#include "model/random_ratings.hpp"

using namespace balse;

namespace {

TagMatrix random_tags(std::size_t items, std::size_t tags, std::uint64_t seed) {
  Random random(seed);
  TagMatrix matrix;
  matrix.tag_count = tags;
  for (std::size_t item = 0; item < items; ++item) {
    for (std::uint32_t tag = 0; item % 5 != 0 && tag < tags; ++tag) {  // a fifth has no poster
      if (random.uniform() < 0.3) {
        matrix.tag.push_back(tag);
        matrix.weight.push_back(static_cast<float>(0.1 + 0.9 * random.uniform()));
      }
    }
    matrix.start.push_back(matrix.tag.size());
  }
  return matrix;
}

struct Row {
  std::size_t fold;
  std::uint32_t user;
  std::uint32_t item;
  float rating;
  std::uint32_t item_count;
  std::vector<double> predictions;
  bool operator==(const Row&) const = default;
};

struct Run {
  CrossValidationResult result;
  std::vector<Row> rows;
};

Run run(const Ratings& ratings, const TagMatrix* tags, const CrossValidationOptions& options) {
  Run out;
  CrossValidationObserver observer;
  observer.on_prediction = [&](const TestPrediction& p) {
    out.rows.push_back({p.fold,
                        p.user,
                        p.item,
                        p.rating,
                        p.item_count,
                        {p.predictions.begin(), p.predictions.end()}});
  };
  out.result =
      cross_validate(ratings, tags, *make_splits({.folds = 4}, ratings), options, observer);
  return out;
}

const Ratings& ratings() {
  static const Ratings kRatings = test::random_ratings(40, 80, 900, 21);
  return kRatings;
}

const TagMatrix& tags() {
  static const TagMatrix kTags = random_tags(80, 12, 22);
  return kTags;
}

}  // namespace

TEST_CASE("every rating is tested once and the figures are those of the predictions",
          "[cross-validation]") {
  CrossValidationOptions options;
  options.models.assign(kModels.begin(), kModels.end());
  options.cold_items = GENERATE(ColdItems::new_items, ColdItems::as_sampled);
  const Run with = run(ratings(), &tags(), options);
  CHECK(with.result.models == std::vector<Model>(kModels.begin(), kModels.end()));
  REQUIRE(with.rows.size() == ratings().size());
  const auto parts = make_splits({.folds = 4}, ratings())->parts(2);
  std::vector<std::uint32_t> counts(ratings().items.size(), 0);
  for (std::size_t row = 0; row < parts.size(); ++row) {
    counts[ratings().item[row]] += parts[row] != Part::test ? 1 : 0;
  }
  for (std::size_t m = 0; m < kModels.size(); ++m) {
    double all = 0.0;
    double cold = 0.0;
    std::size_t all_rows = 0;
    std::size_t cold_rows = 0;
    for (const Row& row : with.rows) {
      if (row.fold == 2) {
        REQUIRE(row.item_count == counts[row.item]);
        const double square = std::pow(row.predictions[m] - row.rating, 2);
        all += square;
        ++all_rows;
        cold += row.item_count == 0 ? square : 0.0;
        cold_rows += row.item_count == 0 ? 1 : 0;
      }
    }
    const FoldResult& fold = with.result.folds[2];
    CHECK(fold.rows[0] == all_rows);
    CHECK(fold.rows[2] == cold_rows);
    CHECK(fold.rmse[m][0] == Approx(std::sqrt(all / static_cast<double>(all_rows))));
    REQUIRE(cold_rows > 0);
    CHECK(fold.rmse[m][2] == Approx(std::sqrt(cold / static_cast<double>(cold_rows))));
  }
}

TEST_CASE("BALSE blends what ALS and LASSO say with the gate of the fold", "[cross-validation]") {
  const auto counts = GENERATE(GateCounts::train_and_validation, GateCounts::train);
  CrossValidationOptions options;
  options.gate_counts = counts;
  const Run with = run(ratings(), &tags(), options);
  bool differs = false;
  for (const Row& row : with.rows) {
    const SteinsGate& gate = with.result.folds[row.fold].gate_summary.gate;
    const double blend = gate.blend(row.item_count, row.predictions[3], row.predictions[4]);
    differs = differs || std::abs(blend - row.predictions[5]) > 1e-12;
  }
  // With the counts of the train part alone the weights are others than those of the reported
  // counts.
  CHECK(differs == (counts == GateCounts::train));
}

TEST_CASE("without tags there is no LASSO and no BALSE, and the rest stays the same",
          "[cross-validation]") {
  const Run with = run(ratings(), &tags(), {});
  const Run without = run(ratings(), nullptr, {});
  CHECK(without.result.models.size() == 4);
  CHECK(without.result.figure(Model::als, Subset::all).mean ==
        with.result.figure(Model::als, Subset::all).mean);
  CHECK(without.result.figure(Model::lasso, Subset::all).n == 0);
}

TEST_CASE("cross-validation gives the same bits at any thread count", "[cross-validation]") {
  CrossValidationOptions options;
  options.threads = 1;
  const Run one = run(ratings(), &tags(), options);
  for (const int threads : {2, 5}) {
    options.threads = threads;
    CHECK(run(ratings(), &tags(), options).rows == one.rows);
  }
}

TEST_CASE("BALSE+ has the same bits at any thread count, and is its first part without tags",
          "[cross-validation][stack]") {
  CrossValidationOptions options;
  options.models = {Model::vb, Model::balse_plus};
  options.threads = 1;
  const Run one = run(ratings(), &tags(), options);
  options.threads = 3;
  CHECK(run(ratings(), &tags(), options).rows == one.rows);
  const Run without = run(ratings(), nullptr, options);
  for (const Row& row : without.rows) {
    CHECK(row.predictions[1] == row.predictions[0]);
  }
}

TEST_CASE("without refit all that BALSE+ predicts by is there", "[cross-validation][stack]") {
  CrossValidationOptions options;
  options.refit = false;
  options.models = {Model::balse_plus};
  options.cold_items = GENERATE(ColdItems::new_items, ColdItems::as_sampled);
  CHECK(run(ratings(), &tags(), options).rows.size() == ratings().size());
  CHECK(run(ratings(), nullptr, options).rows.size() == ratings().size());
}

TEST_CASE("without refit the validation ratings train nothing", "[cross-validation]") {
  CrossValidationOptions options;
  options.refit = false;
  const Run with = run(ratings(), &tags(), options);
  const auto parts = make_splits({.folds = 4}, ratings())->parts(0);
  const RatingMatrix train = make_rating_matrix(
      ratings(), [&](std::size_t row) { return parts[row] == Part::train; }, 1);
  const RatingMeans means = compute_rating_means(train);
  for (const Row& row : with.rows) {
    if (row.fold == 0) {
      REQUIRE(row.predictions[1] == means.user[row.user]);
    }
  }
}

TEST_CASE("fallbacks are counted for every test rating", "[cross-validation]") {
  const Run with = run(ratings(), &tags(), {});
  for (const FoldResult& fold : with.result.folds) {
    const auto& als = fold.fallbacks[static_cast<std::size_t>(Model::als)];
    const auto& lasso = fold.fallbacks[static_cast<std::size_t>(Model::lasso)];
    CHECK(als[static_cast<std::size_t>(Fallback::unseen_item)] +
              als[static_cast<std::size_t>(Fallback::unseen_both)] ==
          fold.rows[static_cast<std::size_t>(Subset::cold_start)]);
    std::size_t sum = 0;
    for (const std::size_t rows : lasso) {
      sum += rows;
    }
    CHECK(sum == fold.rows[0]);
    CHECK(lasso[static_cast<std::size_t>(Fallback::no_tags)] > 0);
  }
}

TEST_CASE("predictions are clipped as asked", "[cross-validation]") {
  CrossValidationOptions options;
  options.model.clip_range = ClipRange{.low = 1.9, .high = 2.1};
  const auto outside = [](double x) { return x < 1.9 || x > 2.1; };
  SECTION("LASSO alone") {
    const Run with = run(ratings(), &tags(), options);
    CHECK(std::none_of(with.rows.begin(), with.rows.end(),
                       [&](const Row& r) { return outside(r.predictions[4]); }));
    CHECK(std::any_of(with.rows.begin(), with.rows.end(),
                      [&](const Row& r) { return outside(r.predictions[3]); }));
  }
  SECTION("all") {
    options.model.clip = Clip::all;
    const Run with = run(ratings(), &tags(), options);
    for (const Row& row : with.rows) {
      CHECK(std::none_of(row.predictions.begin(), row.predictions.end(), outside));
    }
  }
  SECTION("none") {
    options.model.clip = Clip::none;
    const Run with = run(ratings(), &tags(), options);
    CHECK(std::any_of(with.rows.begin(), with.rows.end(),
                      [&](const Row& r) { return outside(r.predictions[4]); }));
  }
}

TEST_CASE("reports hold the figures in every format", "[report]") {
  const Run with = run(ratings(), &tags(), {});
  Manifest manifest;
  manifest.tags = 12;
  const auto figure = [&](const char* format) {
    char text[32];
    const double mean = with.result.figure(Model::balse, Subset::all).mean;
    std::snprintf(text, sizeof text, format, mean);
    return std::string(text);
  };
  for (const auto format : {ReportFormat::table, ReportFormat::markdown, ReportFormat::latex}) {
    CHECK_THAT(render_report({.result = with.result}, manifest, format),
               Catch::Contains(figure("%.4f")));
  }
  const std::string csv = render_report({.result = with.result}, manifest, ReportFormat::csv);
  CHECK_THAT(csv,
             Catch::StartsWith("model,subset,folds,rows,rmse,halfwidth\nglobal-mean,all,4,900,"));
  CHECK_THAT(csv, Catch::Contains("balse,all,4,900," + figure("%.6f") + ","));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 1 + 6 * 3);
  CHECK_THAT(render_report({.result = with.result}, manifest, ReportFormat::json),
             Catch::Contains("\"beta\""));
  manifest.tags = 0;
  const std::string table = render_report({.result = with.result}, manifest, ReportFormat::table);
  CHECK_THAT(table, Catch::Contains("--tags") && !Catch::Contains("held out whole"));
  CrossValidationResult cold = with.result;
  for (FoldResult& fold : cold.folds) {
    fold.rows.fill(fold.rows[0]);
  }
  for (const auto format : {ReportFormat::table, ReportFormat::markdown, ReportFormat::latex}) {
    CHECK_THAT(render_report({.result = cold}, manifest, format),
               Catch::Contains("All test ratings are cold-start here: items are held out whole."));
  }
}
