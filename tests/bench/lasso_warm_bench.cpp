// Times fit_lasso from nothing and from the fit of all but a share of the ratings: a line each,
// REPEAT times.
//   balse_lasso_warm_bench RATINGS TAGS NEW_SHARE raw|sd THREADS REPEAT

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>
#include <vector>

#include "balse/data/ratings_reader.hpp"
#include "balse/data/tags_reader.hpp"
#include "balse/model/lasso.hpp"
#include "balse/support/random.hpp"

namespace {

void print(const char* name, const balse::LassoSummary& summary, double cpu) {
  std::printf(
      "%s seconds=%.4f cpu=%.4f steps=%llu objective=%.8f worst_gap=%.2e not_converged=%zu "
      "nonzeros=%zu warm_users=%zu cold_users=%zu\n",
      name, summary.seconds, cpu, static_cast<unsigned long long>(summary.steps),
      summary.objective_sum, summary.worst_gap, summary.not_converged, summary.nonzeros,
      summary.warm_users, summary.cold_users);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::fputs("usage: balse_lasso_warm_bench RATINGS TAGS NEW_SHARE raw|sd THREADS REPEAT\n",
               stderr);
    return 64;
  }
  balse::ReadRatingsSummary ratings_summary;
  const balse::Ratings ratings = balse::read_ratings(argv[1], {}, ratings_summary);
  balse::ReadTagsSummary read;
  const balse::TagMatrix tags =
      balse::align_tags(balse::read_tags(argv[2], {}, read), ratings.items);
  balse::LassoOptions options;
  options.threads = std::atoi(argv[5]);
  if (std::string_view(argv[4]) == "sd") {
    options.scaling = balse::TagScaling::standard_deviation;
  }
  balse::Random random(1);
  std::vector<bool> old;
  for (std::size_t row = 0; row < ratings.size(); ++row) {
    old.push_back(random.uniform() >= std::atof(argv[3]));
  }
  const auto today = balse::make_rating_matrix(
      ratings, [](std::size_t) { return true; }, 2);
  const auto yesterday = balse::make_rating_matrix(
      ratings, [&](std::size_t row) { return old[row]; }, 2);
  const balse::Lasso start = balse::fit_lasso(yesterday.by_user, tags, options);
  const balse::Lasso nothing;
  for (int k = 0; k < std::atoi(argv[6]); ++k) {
    for (const bool warm : {false, true}) {
      balse::LassoSummary summary;
      const std::clock_t begun = std::clock();
      balse::fit_lasso(today.by_user, tags, options, warm ? start : nothing, &summary);
      print(warm ? "warm" : "cold", summary,
            static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
    }
  }
  return 0;
}
