// How long fit_lasso takes on the files that mangaki_shaped.hpp reads. With --folds the rows of
// train and validation are fitted, otherwise all.

#include <cstdio>
#include <ctime>
#include <string>

#include <CLI/CLI.hpp>

#include "balse/model/lasso.hpp"

#include "mangaki_shaped.hpp"

int main(int argc, char** argv) {
  CLI::App app("Times balse's LASSO");
  std::string ratings;
  std::string tags;
  std::string folds;
  std::string set = "nb0";
  std::string scaling = "raw";
  int repeat = 5;
  balse::LassoOptions options;
  options.threads = 1;
  options.relative_gap = 1e-6;
  app.add_option("--ratings", ratings)->required();
  app.add_option("--tags", tags)->required();
  app.add_option("--folds", folds);
  app.add_option("--set", set);
  app.add_option("--scaling", scaling)->check(CLI::IsMember({"raw", "sd"}));
  app.add_option("--threads", options.threads);
  app.add_option("--repeat", repeat);
  app.add_option("--gap", options.relative_gap);
  app.add_option("--alpha", options.alpha);
  CLI11_PARSE(app, argc, argv);
  if (scaling == "sd") {
    options.scaling = balse::TagScaling::standard_deviation;
  }

  std::size_t items = 0;
  const balse::RatingRows rows = balse::test::read_ratings(ratings, folds, set, items);
  const balse::TagMatrix matrix = balse::test::read_tags(tags, items);
  for (int k = 0; k < repeat; ++k) {
    balse::LassoSummary summary;
    const std::clock_t begin = std::clock();
    balse::fit_lasso(rows, matrix, options, &summary);
    const double cpu = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
    std::printf(
        "seconds=%.4f cpu=%.4f objective=%.8f worst_gap=%.2e not_converged=%zu users=%zu "
        "nonzeros=%zu "
        "steps=%llu\n",
        summary.seconds, cpu, summary.objective_sum, summary.worst_gap, summary.not_converged,
        summary.users, summary.nonzeros, static_cast<unsigned long long>(summary.steps));
  }
  return 0;
}
