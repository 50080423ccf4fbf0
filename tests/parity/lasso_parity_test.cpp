#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/model/lasso.hpp"

#include "mangaki_shaped.hpp"

namespace balse {
namespace {

std::filesystem::path reference_directory() {
  const char* shared = std::getenv("BALSE_SHARED");
  const std::filesystem::path root = shared != nullptr ? shared : BALSE_SOURCE_DIR "/../shared";
  return root / "reference";
}

bool missing(const std::filesystem::path& directory) {
  if (std::filesystem::exists(directory / "mangaki-shaped" / "ratings.csv")) {
    return false;
  }
  std::cout << "SKIPPED: no reference data at " << directory.string() << " (set BALSE_SHARED)\n";
  return true;
}

struct Reference {
  RatingRows train;  // nb0's train and validation
  TagMatrix tags;

  explicit Reference(const std::filesystem::path& directory) {
    const std::filesystem::path data = directory / "mangaki-shaped";
    std::size_t items = 0;
    train = test::read_ratings(data / "ratings.csv", data / "folds.csv.gz", "nb0", items);
    tags = test::read_tags(data / "tags.csv", items);
  }
};

// The published solutions have an absolute duality gap of 4e-10 and 12 digits.
void check_objectives(const std::filesystem::path& directory, const Lasso& lasso) {
  const auto table = test::read_table(directory / "lasso_raw_nb0_intercepts.csv.gz");
  for (std::size_t row = 1; row < table.size(); ++row) {
    const std::size_t user = std::stoul(table[row][0]);
    const double published = std::stod(table[row][3]);
    CAPTURE(user);
    REQUIRE(lasso.objective_of(user) <= published * (1 + 1e-6));
    REQUIRE(lasso.objective_of(user) >= published * (1 - 1e-6));
  }
}

void check_predictions(const std::filesystem::path& directory, const Lasso& lasso,
                       const TagMatrix& tags) {
  const auto ratings = test::read_table(directory / "mangaki-shaped" / "ratings.csv");
  const auto table = test::read_table(directory / "nb0_predictions.csv.gz");
  const auto column = std::find(table[0].begin(), table[0].end(), "lasso_raw_exact");
  REQUIRE(column != table[0].end());
  std::size_t rows = 0;
  std::size_t close = 0;
  for (std::size_t k = 1; k < table.size(); ++k) {
    const std::string& exact = table[k].at(static_cast<std::size_t>(column - table[0].begin()));
    if (table[k][1] != "test" || exact.empty()) {
      continue;
    }
    const auto& rating = ratings.at(std::stoul(table[k][0]) + 1);
    const double mine = lasso.predict(std::stoul(rating[0]), std::stoul(rating[1]), tags);
    ++rows;
    close += std::abs(std::clamp(mine, -2.0, 2.0) - std::stod(exact)) <= 2e-3 ? 1 : 0;
  }
  CHECK(rows > 33000);
  CHECK(static_cast<double>(close) >= 0.99 * static_cast<double>(rows));
}

TEST_CASE("Raw LASSO matches the reference solutions", "[parity][lasso]") {
  const std::filesystem::path directory = reference_directory();
  if (missing(directory)) {
    return;
  }
  const Reference reference(directory);
  LassoOptions options;
  options.relative_gap = 1e-6;
  LassoSummary summary;
  const Lasso lasso = fit_lasso(reference.train, reference.tags, options, &summary);
  CHECK(summary.not_converged == 0);
  CHECK(summary.worst_gap <= 1e-6);
  CHECK(summary.objective_sum == Approx(939.713047).epsilon(1e-8));
  check_objectives(directory, lasso);
  check_predictions(directory, lasso, reference.tags);
}

TEST_CASE("Scaled LASSO reaches the reference's objective", "[parity][lasso]") {
  const std::filesystem::path directory = reference_directory();
  if (missing(directory)) {
    return;
  }
  const Reference reference(directory);
  LassoOptions options;
  options.relative_gap = 1e-6;
  options.scaling = TagScaling::standard_deviation;
  LassoSummary summary;
  fit_lasso(reference.train, reference.tags, options, &summary);
  CHECK(summary.not_converged == 0);
  CHECK(summary.worst_gap <= 1e-6);
  CHECK(summary.objective_sum == Approx(448.00538758).epsilon(1e-8));
}

}  // namespace
}  // namespace balse
