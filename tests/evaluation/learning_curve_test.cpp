#include "balse/evaluation/learning_curve.hpp"

#include <algorithm>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/support/error.hpp"

#include "model/random_ratings.hpp"

using namespace balse;

namespace learning_curve_test {
namespace {

std::set<std::uint32_t> rows(const Splits& splits, std::size_t fold, Part part) {
  const std::vector<std::uint32_t> rows = rows_of(splits.parts(fold), part);
  return {rows.begin(), rows.end()};
}

std::string fault(const std::string& text) {
  try {
    TrainSize::parse(text);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::usage);
    return error.what();
  }
  return "none";
}

Series curve_of(const std::vector<SeriesPoint>& points) {
  Series series = learning_curve();
  series.words = "learning curve of " + std::to_string(points.size()) + " train sizes";
  series.note = learning_curve_note(points);
  series.points = points;
  return series;
}

}  // namespace

TEST_CASE("a larger train size has what the smaller ones have", "[learning-curve]") {
  const Ratings ratings = test::random_ratings(40, 60, 900, 5);
  const std::shared_ptr<const Splits> whole = make_splits({.folds = 3}, ratings);
  const auto sized = [&](const char* text, std::uint64_t seed = 42) {
    return with_train_size(whole, TrainSize::parse(text), seed);
  };
  for (std::size_t fold = 0; fold < 3; ++fold) {
    std::set<std::uint32_t> before;
    std::set<std::uint32_t> validation_before;
    for (const char* text : {"2.5%", "10%", "100", "50%", "100%"}) {
      const auto splits = sized(text);
      const std::set<std::uint32_t> train = rows(*splits, fold, Part::train);
      CHECK(train.size() > before.size());
      CHECK(std::includes(train.begin(), train.end(), before.begin(), before.end()));
      CHECK(rows(*splits, fold, Part::test) == rows(*whole, fold, Part::test));
      const std::set<std::uint32_t> validation = rows(*splits, fold, Part::validation);
      CHECK(validation.size() == (train.size() * 180 + 210) / 420);  // in proportion
      CHECK(std::includes(validation.begin(), validation.end(), validation_before.begin(),
                          validation_before.end()));
      CHECK(rows(*splits, fold, Part::unused).size() + train.size() + validation.size() == 600);
      before = train;
      validation_before = validation;
    }
    CHECK(rows(*sized("10%"), fold, Part::train).size() == 42);
    CHECK(rows(*sized("100"), fold, Part::train).size() == 100);
    CHECK(sized("100%")->parts(fold) == whole->parts(fold));
    CHECK(sized("10%")->parts(fold) == sized("10%")->parts(fold));
    CHECK(sized("10%")->parts(fold) != sized("10%", 43)->parts(fold));
  }
  CHECK_THAT(sized("10%")->describe(),
             Catch::EndsWith("seed 42, 10% of the train and validation ratings"));
  CHECK_THAT(
      sized("100")->describe(),
      Catch::EndsWith("seed 42, 100 train ratings a fold, validation ratings in proportion"));
}

TEST_CASE("every train rating is equally likely to be taken", "[learning-curve]") {
  const Ratings ratings = test::random_ratings(10, 10, 50, 5);
  const std::shared_ptr<const Splits> whole = make_splits({}, ratings);
  std::vector<int> taken(50);
  for (std::uint64_t seed = 0; seed < 2000; ++seed) {
    for (const std::uint32_t row :
         rows_of(with_train_size(whole, TrainSize::parse("7"), seed)->parts(1), Part::train)) {
      ++taken[row];
    }
  }
  for (const std::uint32_t row : rows_of(whole->parts(1), Part::train)) {
    CHECK(taken[row] == Approx(500).margin(100));  // 7 of 28; 5 standard deviations
  }
}

TEST_CASE("train sizes are percents or counts", "[learning-curve]") {
  CHECK(TrainSize::parse("10%").of(1000) == 100);
  CHECK(TrainSize::parse("0.25%").of(1000) == 3);
  CHECK(TrainSize::parse("1000").of(5) == 1000);
  for (const char* wrong : {"", "%", "0", "0%", "101%", "-5%", "1e1%", "nan%", "0.5", "x", "5 %"}) {
    CHECK_THAT(fault(wrong), Catch::Contains("--train-size has") && Catch::Contains("10%,50%"));
  }
}

TEST_CASE("a size that a fold cannot have is refused", "[learning-curve]") {
  const Ratings ratings = test::random_ratings(10, 10, 50, 5);
  const auto splits = make_splits({}, ratings);
  const auto check = [&](const char* text) {
    check_train_sizes(*splits, {TrainSize::parse(text)});
  };
  CHECK_NOTHROW(check("28"));
  CHECK_NOTHROW(check("2%"));
  CHECK_THROWS_WITH(check("29"), Catch::Contains("29 ratings, and fold 0 has 28"));
  CHECK_THROWS_WITH(check("1%"), Catch::Contains("1% is 0 ratings, and fold 0 has 28"));
}

TEST_CASE("a curve's csv is that of each size, after the size", "[learning-curve]") {
  const Ratings ratings = test::random_ratings(20, 30, 300, 5);
  const std::shared_ptr<const Splits> whole = make_splits({.folds = 2}, ratings);
  CrossValidationOptions options;
  options.models = {Model::global_mean, Model::bias};
  std::vector<SeriesPoint> points;
  std::string expected;
  for (const char* text : {"30%", "100%"}) {
    const TrainSize size = TrainSize::parse(text);
    points.push_back(
        {size.text,
         {.result = cross_validate(ratings, {}, *with_train_size(whole, size, 42), options)}});
    const std::string csv = render_report(points.back().evaluation, {}, ReportFormat::csv);
    for (std::size_t at = 0; at < csv.size(); at = csv.find('\n', at) + 1) {
      if (at > 0 || expected.empty()) {
        expected += (at == 0 ? "train_size," : std::string(text) + ",") +
                    csv.substr(at, csv.find('\n', at) + 1 - at);
      }
    }
  }
  CHECK(render_series(curve_of(points), {}, ReportFormat::csv) == expected);
  CHECK(points[0].evaluation.result.folds[0].train_rows == 32);
  CHECK(points[1].evaluation.result.folds[0].train_rows == 105);

  // The rows of a model are one below the other.
  Manifest manifest;
  manifest.protocol = "two folds";
  const std::string table = render_series(curve_of(points), manifest, ReportFormat::table);
  CHECK_THAT(table, Catch::StartsWith("two folds, learning curve of 2 train sizes\n"));
  const std::size_t first = table.find("\nglobal mean ");
  const std::size_t second = table.find("\nglobal mean ", first + 1);
  REQUIRE(second != std::string::npos);
  CHECK(table.find('\n', first + 1) == second);
  CHECK_THAT(
      table,
      Catch::Contains(
          "32 at 30%, 105 at 100% (means over the folds); validation ratings in proportion"));
  CHECK_THAT(render_series(curve_of(points), manifest, ReportFormat::latex),
             Catch::Contains("& 30\\% &") || Catch::Contains("&       30\\% &"));
  CHECK_THAT(render_series(curve_of(points), manifest, ReportFormat::markdown),
             Catch::StartsWith("| RMSE ") && Catch::Contains("| global mean       |        30% |"));
}

}  // namespace learning_curve_test
