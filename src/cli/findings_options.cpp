#include "findings_options.hpp"

namespace balse::cli {

void FindingsOptions::declare(CLI::App& app) {
  const std::string group = "Findings";
  bootstrap_
      .declare(app, "--bootstrap",
               "95% intervals by resampling users or items, and how models differ in pairs: "
               "interval, p of Wilcoxon's signed-rank test corrected by Holm, effect")
      ->group(group);
  app.add_option("--replicates", replicates_, "Bootstrap samples")
      ->capture_default_str()
      ->check(CLI::Range(10, 100000))
      ->type_name("N")
      ->group(group);
  app.add_flag("--slices", slices_,
               "RMSE by the item's and the user's number of ratings, by rating, popularity and "
               "whether there are tags")
      ->group(group);
  app.add_flag("--ranking", ranking_,
               "NDCG, recall, MAP, MRR, novelty and coverage of the first places, among the "
               "user's test items and over the whole catalogue")
      ->group(group);
  app.add_option("--ranking-places", places_, "How many first places count: the k of NDCG@k")
      ->capture_default_str()
      ->check(CLI::Range(1, 1000))
      ->type_name("K")
      ->group(group);
  app.add_option("--ranking-relevant", relevant_,
                 "Items with a test rating of at least X are wanted; the upper eighth of the scale "
                 "if not given")
      ->type_name("X")
      ->group(group);
  app.add_option("--ranking-users", ranking_users_,
                 "Rank the whole catalogue for so many users a fold, drawn by --seed; 0: for all")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N")
      ->group(group);
}

WantedFindings FindingsOptions::wanted(bool all, std::uint64_t seed, int threads) const {
  WantedFindings wanted{.resampling = {.over = bootstrap_.value(),
                                       .replicates = replicates_,
                                       .seed = seed,
                                       .threads = threads},
                        .observations = all};
  if (all || slices_ || bootstrap_.given()) {
    wanted.analysis = wanted.resampling;
  }
  if (all || ranking_) {
    wanted.ranking = {.k = places_, .relevant = relevant_, .catalogue_users = ranking_users_};
  }
  return wanted;
}

}  // namespace balse::cli
