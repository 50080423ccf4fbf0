#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "balse/data/ratings_reader.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/model/als.hpp"

#include "parity/predictions_file.hpp"
#include "parity/shared_data.hpp"

using namespace balse;

namespace {

/// The reference's rows are numbered by the integer ids themselves, ours by first appearance.
Factors in_our_order(const std::vector<double>& values, std::size_t offset, std::size_t rank,
                     const IdIndex& ids) {
  Factors factors{
      .rows = ids.size(), .rank = rank, .values = std::vector<double>(ids.size() * rank)};
  for (std::uint32_t row = 0; row < ids.size(); ++row) {
    const std::size_t theirs = std::stoul(std::string(ids[row]));
    for (std::size_t k = 0; k < rank; ++k) {
      factors.row(row)[k] = values[offset + theirs * rank + k];
    }
  }
  return factors;
}

std::vector<double> read_doubles(const std::string& path, std::size_t count) {
  std::vector<double> values(count);
  std::ifstream file(path, std::ios::binary);
  file.read(reinterpret_cast<char*>(values.data()),
            static_cast<std::streamsize>(count * sizeof(double)));
  REQUIRE(file.gcount() == static_cast<std::streamsize>(count * sizeof(double)));
  return values;
}

}  // namespace

TEST_CASE("ALS from the reference's initial factors gives the reference's predictions",
          "[parity]") {
  BALSE_NEEDS_SHARED_DATA();
  constexpr std::size_t kUsers = 2079;
  constexpr std::size_t kItems = 9979;
  const int rank = GENERATE(10, 20);
  const std::string folder = test::shared_path("reference/");
  ReadRatingsSummary read;
  const Ratings ratings = read_ratings(folder + "mangaki-shaped/ratings.csv", {}, read);
  const auto parts = read_splits(folder + "mangaki-shaped/folds.csv.gz", "nb", ratings)->parts(0);
  const auto width = static_cast<std::size_t>(rank);
  const auto initial = read_doubles(folder + "als_init_nb0_train_r" + std::to_string(rank) + ".f64",
                                    (kUsers + kItems) * width);

  AlsOptions options;
  options.rank = rank;
  options.unseen = AlsUnseen::initial;
  const RatingMatrix matrix = make_rating_matrix(
      ratings, [&](std::size_t row) { return parts[row] != Part::test; }, 2);
  const Als als = fit_als(matrix, compute_rating_means(matrix), options,
                          in_our_order(initial, 0, width, ratings.users),
                          in_our_order(initial, kUsers * width, width, ratings.items));
  // The file's validation rows were predicted by a model with other initial factors.
  double largest = 0.0;
  std::size_t compared = 0;
  test::for_each_reference_prediction([&](const test::ReferencePrediction& row) {
    if (row.set == "test") {
      const double expected = rank == 10 ? row.als_r10 : row.als_r20;
      const double ours = als.predict(ratings.user[row.row], ratings.item[row.row]);
      largest = std::max(largest, std::abs(ours - expected));
      ++compared;
    }
  });
  CHECK(compared == 33439);
  CHECK(largest < 1e-6);
}
