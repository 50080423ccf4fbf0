#include "study_options.hpp"

#include "balse/support/error.hpp"
#include "balse/support/number_text.hpp"

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

void StudyOptions::declare_series(CLI::App& app, CLI::Option* train_size) {
  const std::string group = "Studies";
  CLI::Option* sweep = app.add_option("--sweep", sweep_,
                                      "Evaluate with each value of an option: als.rank=5,10,20, or "
                                      "lasso.alpha=0.001:0.1:log")
                           ->check(not_empty())
                           ->type_name("TEXT")
                           ->group(group)
                           ->excludes(train_size);
  app.add_option("--ablate", ablate_,
                 "tags=10,50,200: evaluate with so many of the most used tags alone")
      ->check(not_empty())
      ->type_name("TEXT")
      ->group(group)
      ->excludes(train_size)
      ->excludes(sweep);
  app.add_option("--without-tags", without_tags_,
                 "Leave out the tags whose name is this; * is any text, as in '*_hair'")
      ->check(not_empty())
      ->allow_extra_args(false)
      ->type_name("PATTERN")
      ->group(group);
}

std::optional<TunedOption> StudyOptions::sweep() const {
  return sweep_.empty() ? std::nullopt : std::optional(parse_sweep(sweep_));
}

std::vector<std::size_t> StudyOptions::tag_counts() const {
  std::vector<std::size_t> counts;
  if (ablate_.empty()) {
    return counts;
  }
  const std::string prefix = "tags=";
  bool good = ablate_.starts_with(prefix);
  if (good) {
    for (const std::string& text : CLI::detail::split(ablate_.substr(prefix.size()), ',')) {
      counts.push_back(number_in<std::size_t>(text).value_or(0));
      good = good && counts.back() > 0;
    }
  }
  if (!good) {
    throw Error(ErrorKind::usage, {.found = "--ablate is " + shorten(ablate_),
                                   .expected = "tags=N, or tags=N,N,..., of 1 and more"});
  }
  return counts;
}

TuningOptions StudyOptions::tuning() const {
  TuningOptions tuning{.search = search_.value(), .budget = budget_};
  if (!tune_.empty()) {
    tuning.blocks = parse_tuning(tune_, tuning.search);
  }
  return tuning;
}

}  // namespace balse::cli
