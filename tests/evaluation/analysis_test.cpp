#include "balse/evaluation/analysis.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/evaluation/ranking_analysis.hpp"
#include "balse/evaluation/splits.hpp"

#include "model/random_ratings.hpp"

using namespace balse;

namespace {

struct Seen {
  std::size_t fold;
  std::uint32_t user;
  std::uint32_t item;
  double rating;
  std::uint32_t item_count;
  std::vector<double> predictions;
};

struct AnalysedRun {
  CrossValidationResult result;
  std::vector<Seen> rows;
  Findings findings;
  RankingFindings ranking;
};

const std::vector<Model> kFew = {Model::global_mean, Model::user_mean, Model::als};

AnalysedRun analyse(const Ratings& ratings, const AnalysisOptions& options) {
  AnalysedRun run;
  Analysis analysis(ratings, false, options);
  RankingAnalysis ranking(ratings, {.k = 3, .relevant = 3.0, .catalogue_users = 3}, options);
  CrossValidationObserver observer;
  observer.on_start = [&](const std::vector<Contender>& contenders) {
    analysis.start(contenders.size(), 4);
    ranking.start(contenders);
  };
  observer.on_fold = [&](const TrainedFold& fold) {
    analysis.begin_fold(fold);
    ranking.begin_fold(fold);
  };
  observer.on_prediction = [&](const TestPrediction& row) {
    analysis.add(row);
    ranking.add(row);
    run.rows.push_back({row.fold,
                        row.user,
                        row.item,
                        row.rating,
                        row.item_count,
                        {row.predictions.begin(), row.predictions.end()}});
  };
  CrossValidationOptions all;
  all.models = kFew;
  run.result = cross_validate(ratings, {}, *make_splits({.folds = 4}, ratings), all, observer);
  run.findings = analysis.finish(run.result);
  run.ranking = ranking.finish();
  return run;
}

const Ratings& few_ratings() {
  static const Ratings kRatings = test::random_ratings(40, 80, 900, 21);
  return kRatings;
}

const AnalysedRun& analysed() {
  static const AnalysedRun kRun = analyse(few_ratings(), {.replicates = 200});
  return kRun;
}

}  // namespace

TEST_CASE("slices part the test ratings, and their RMSE is that of their predictions",
          "[analysis]") {
  const AnalysedRun& run = analysed();
  std::map<std::string, std::size_t> rows;
  for (const SliceFigures& slice : run.findings.slices) {
    rows[slice.name.by] += slice.rows;
    if (slice.name.by != "item-count" || slice.name.label != "6-10") {
      continue;
    }
    double squares = 0.0;
    double distances = 0.0;
    std::size_t count = 0;
    for (const Seen& row : run.rows) {
      if (row.item_count >= 6 && row.item_count <= 10) {
        squares += std::pow(row.predictions[2] - row.rating, 2);
        distances += std::abs(row.predictions[2] - row.rating);
        ++count;
      }
    }
    REQUIRE(count > 50);
    CHECK(slice.rows == count);
    CHECK(slice.rmse[2] == Approx(std::sqrt(squares / static_cast<double>(count))));
    CHECK(slice.mae[2] == Approx(distances / static_cast<double>(count)));
    CHECK(slice.interval[2].low < slice.rmse[2]);
    CHECK(slice.rmse[2] < slice.interval[2].high);
  }
  REQUIRE(rows.size() == 4);  // without tags
  for (const auto& [by, count] : rows) {
    INFO(by);
    CHECK(count == few_ratings().size());
  }
}

TEST_CASE("pairs are compared on the RMSE of every user", "[analysis]") {
  const AnalysedRun& run = analysed();
  std::map<std::uint32_t, std::vector<double>> of_user;  // rows, squares by contender
  for (const Seen& row : run.rows) {
    auto& sums = of_user[row.user];
    sums.resize(4);
    sums[0] += 1.0;
    for (std::size_t c = 0; c < 3; ++c) {
      sums[1 + c] += std::pow(row.predictions[c] - row.rating, 2);
    }
  }
  REQUIRE(run.findings.comparisons.size() >= 3);
  for (const Comparison& pair : run.findings.comparisons) {
    if (pair.subset != Subset::all) {
      continue;
    }
    std::vector<double> differences;
    for (const auto& [user, sums] : of_user) {
      differences.push_back(std::sqrt(sums[1 + pair.a] / sums[0]) -
                            std::sqrt(sums[1 + pair.b] / sums[0]));
    }
    CHECK(pair.test.p == Approx(signed_rank_test(differences).p));
    CHECK(pair.p_holm >= pair.test.p);
    CHECK(pair.difference == Approx(run.result.figure(pair.a, Subset::all).mean -
                                    run.result.figure(pair.b, Subset::all).mean));
    CHECK(pair.interval.low < pair.difference);
    CHECK(pair.difference < pair.interval.high);
  }
}

TEST_CASE("the interval of a figure is around it, and the seed decides it", "[analysis]") {
  const AnalysedRun& run = analysed();
  for (std::size_t c = 0; c < kFew.size(); ++c) {
    const double figure = run.result.figure(c, Subset::all).mean;
    CHECK(run.findings.intervals[c][0].low < figure);
    CHECK(figure < run.findings.intervals[c][0].high);
  }
  const Findings same = analyse(few_ratings(), {.replicates = 200, .threads = 1}).findings;
  CHECK(same.intervals[2][0].low == run.findings.intervals[2][0].low);
  const Findings other = analyse(few_ratings(), {.replicates = 200, .seed = 43}).findings;
  CHECK(other.intervals[2][0].low != run.findings.intervals[2][0].low);
  const Findings items =
      analyse(few_ratings(), {.over = Resampled::items, .replicates = 200}).findings;
  CHECK(items.intervals[2][0].low != run.findings.intervals[2][0].low);
  CHECK(items.users.users == run.findings.users.users);  // users are users, whatever is resampled
}

TEST_CASE("tenths of the predictions and users in bins are all there are", "[analysis]") {
  const AnalysedRun& run = analysed();
  for (std::size_t c = 0; c < kFew.size(); ++c) {
    std::size_t rows = 0;
    double observed = 0.0;
    double before = -1e9;
    for (const CalibrationPoint& point : run.findings.calibration[c]) {
      CHECK(point.predicted > before);
      before = point.predicted;
      rows += point.rows;
      observed += point.observed * static_cast<double>(point.rows);
    }
    CHECK(rows == run.rows.size());
    double sum = 0.0;
    for (const Seen& row : run.rows) {
      sum += row.rating;
    }
    CHECK(observed == Approx(sum));
    std::set<std::uint32_t> tested;
    for (const Seen& row : run.rows) {
      tested.insert(row.user);
    }
    std::size_t users = 0;
    for (const std::size_t in_bin : run.findings.users.users[c]) {
      users += in_bin;
    }
    CHECK(users == tested.size());
  }
  CHECK(run.findings.calibration[2].size() == 10);
}

TEST_CASE("rankings of test items are those of each user's predictions", "[analysis]") {
  const AnalysedRun& run = analysed();
  // By brute force, and ALS has no ties but between what both did not see.
  double recall = 0.0;
  std::size_t lists = 0;
  std::map<std::pair<std::size_t, std::uint32_t>, std::vector<Seen>> by_list;
  for (const Seen& row : run.rows) {
    by_list[{row.fold, row.user}].push_back(row);
  }
  for (auto& [list, rows] : by_list) {
    std::stable_sort(rows.begin(), rows.end(), [](const Seen& a, const Seen& b) {
      return a.predictions[2] > b.predictions[2];
    });
    double wanted = 0.0;
    double found = 0.0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      if (rows[k].rating >= run.ranking.relevant) {
        wanted += 1.0;
        found += k < 3 ? 1.0 : 0.0;
      }
    }
    if (wanted > 0.0) {
      ++lists;
      recall += found / wanted;
    }
  }
  const RankingFigures& figures = run.ranking.scopes[0];
  CHECK(figures.lists == lists);
  const auto at = static_cast<std::size_t>(RankingMeasure::recall);
  CHECK(figures.measures[2][at].value ==
        Approx(recall / static_cast<double>(lists)).margin(0.02));  // ties
  CHECK(run.ranking.scopes[1].lists == 4 * 3);
  CHECK(run.ranking.scopes[1].coverage[2] > 0.03);
  CHECK(run.ranking.scopes[1].coverage[2] <= 3 * 3 / 80.0);
  CHECK(std::isnan(figures.coverage[2]));
}
