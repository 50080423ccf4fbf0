// Times fit_als alone, on the train + validation ratings of one fold: prints the median of --repeat
// fits.
//   balse_als_bench RATINGS FOLDS FOLD_SET RANK THREADS REPEAT

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "balse/data/ratings_reader.hpp"
#include "balse/evaluation/splits.hpp"
#include "balse/model/als.hpp"

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: balse_als_bench RATINGS FOLDS FOLD_SET RANK THREADS REPEAT\n", stderr);
    return 64;
  }
  balse::ReadRatingsSummary read;
  const balse::Ratings ratings = balse::read_ratings(argv[1], {}, read);
  const auto parts = balse::read_splits(argv[2], argv[3], ratings)->parts(0);
  balse::AlsOptions options;
  options.rank = std::atoi(argv[4]);
  options.threads = std::atoi(argv[5]);
  const balse::RatingMatrix matrix = balse::make_rating_matrix(
      ratings, [&](std::size_t row) { return parts[row] != balse::Part::test; }, options.threads);
  const balse::RatingMeans means = balse::compute_rating_means(matrix);
  std::vector<double> seconds;
  balse::AlsSummary summary;
  for (int k = 0; k < std::atoi(argv[6]); ++k) {
    balse::fit_als(matrix, means, options, &summary);
    seconds.push_back(summary.seconds);
  }
  std::sort(seconds.begin(), seconds.end());
  std::printf("%.4f\n", seconds[seconds.size() / 2]);
  std::fprintf(stderr, "train RMSE %.6f over %zu ratings\n", summary.train_rmse, matrix.size());
  return 0;
}
