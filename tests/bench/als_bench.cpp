// Times fit_als alone, on the train + validation ratings of one fold: a line for each of REPEAT
// fits.
//   balse_als_bench RATINGS FOLDS FOLD_SET RANK THREADS REPEAT

#include <cstdio>
#include <cstdlib>

#include "balse/model/als.hpp"

#include "bench/bench_data.hpp"

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: balse_als_bench RATINGS FOLDS FOLD_SET RANK THREADS REPEAT\n", stderr);
    return 64;
  }
  const auto data = balse::bench::read_bench_data(argv[1], argv[2], argv[3]);
  const balse::RatingMeans means = balse::compute_rating_means(data.known);
  balse::AlsOptions options;
  options.rank = std::atoi(argv[4]);
  options.threads = std::atoi(argv[5]);
  for (int k = 0; k < std::atoi(argv[6]); ++k) {
    balse::AlsSummary summary;
    balse::fit_als(data.known, means, options, &summary);
    std::printf("seconds=%.4f train_rmse=%.6f\n", summary.seconds, summary.train_rmse);
  }
  return 0;
}
