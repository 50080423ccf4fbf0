#include "study_options.hpp"

namespace balse::cli {

void StudyOptions::declare(CLI::App& app) {
  const std::string group = "Studies";
  CLI::Option* tune =
      app.add_option("--tune", tune_,
                     "Choose options of blocks in each fold, by the RMSE of the block on the "
                     "fold's validation ratings: 'als.rank=10,20,40;lasso.alpha=0.003:0.1:log'")
          ->check(not_empty())
          ->type_name("TEXT")
          ->group(group);
  search_
      .declare(app, "--tune-search",
               "grid: every combination; random: --tune-budget of them; halving: these on a part "
               "of the train ratings, the better half on twice as many, and so on")
      ->default_str("grid")
      ->needs(tune)
      ->group(group);
  app.add_option("--tune-budget", budget_, "Combinations that random and halving draw, a block")
      ->capture_default_str()
      ->check(CLI::Range(1, 100000))
      ->needs(tune)
      ->type_name("N")
      ->group(group);
}

TuningOptions StudyOptions::tuning() const {
  TuningOptions tuning{.search = search_.value(), .budget = budget_};
  if (!tune_.empty()) {
    tuning.blocks = parse_tuning(tune_, tuning.search);
  }
  return tuning;
}

}  // namespace balse::cli
