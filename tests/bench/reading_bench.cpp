// Times read_ratings: a line with the best of REPEAT runs.
//   balse_reading_bench RATINGS REPEAT

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

#include "balse/data/ratings_reader.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fputs("usage: balse_reading_bench RATINGS REPEAT\n", stderr);
    return 64;
  }
  double best = 1e300;
  std::size_t rows = 0;
  for (int run = 0; run < std::atoi(argv[2]); ++run) {
    balse::ReadRatingsSummary summary;
    const auto begin = std::chrono::steady_clock::now();
    rows = balse::read_ratings(argv[1], {}, summary).size();
    const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - begin;
    best = std::min(best, seconds.count());
  }
  std::printf("seconds=%.4f ratings=%zu million_a_second=%.2f\n", best, rows,
              static_cast<double>(rows) / best / 1e6);
  return 0;
}
