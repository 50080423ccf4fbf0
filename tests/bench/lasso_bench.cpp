// Times fit_lasso alone, on the train + validation ratings of one fold: a line for each of REPEAT
// fits.
//   balse_lasso_bench RATINGS TAGS FOLDS FOLD_SET raw|sd THREADS REPEAT

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "balse/data/tags_reader.hpp"
#include "balse/model/lasso.hpp"

#include "bench/bench_data.hpp"

int main(int argc, char** argv) {
  if (argc != 8) {
    std::fputs("usage: balse_lasso_bench RATINGS TAGS FOLDS FOLD_SET raw|sd THREADS REPEAT\n",
               stderr);
    return 64;
  }
  const auto data = balse::bench::read_bench_data(argv[1], argv[3], argv[4]);
  balse::ReadTagsSummary read;
  const balse::TagMatrix tags =
      balse::align_tags(balse::read_tags(argv[2], {}, read), data.ratings.items);
  balse::LassoOptions options;
  options.relative_gap = 1e-6;
  options.threads = std::atoi(argv[6]);
  if (std::string_view(argv[5]) == "sd") {
    options.scaling = balse::TagScaling::standard_deviation;
  }
  for (int k = 0; k < std::atoi(argv[7]); ++k) {
    balse::LassoSummary summary;
    const std::clock_t begun = std::clock();
    balse::fit_lasso(data.known.by_user, tags, options, &summary);
    const double cpu = static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
    std::printf(
        "seconds=%.4f cpu=%.4f objective=%.8f worst_gap=%.2e not_converged=%zu users=%zu "
        "nonzeros=%zu steps=%llu\n",
        summary.seconds, cpu, summary.objective_sum, summary.worst_gap, summary.not_converged,
        summary.users, summary.nonzeros, static_cast<unsigned long long>(summary.steps));
  }
  return 0;
}
