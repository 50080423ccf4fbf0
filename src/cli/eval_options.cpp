#include "eval_options.hpp"

#include <optional>

#include "balse/model/block_kind.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {

void EvalOptions::declare(CLI::App& app) {
  command = &app;
  reading.declare(app);
  reading.declare_max_tags(app);
  reading.declare_user_features(app);
  reading.declare_features(app);
  declare_protocol(app);
  model.declare(app);
  findings.declare(app);
  study.declare(app);
  study.declare_series(app, app.get_option("--train-size"));
  declare_output(app);
}

void EvalOptions::declare_protocol(CLI::App& app) {
  const std::string group = "Protocol";
  CLI::Option* protocol_option =
      protocol
          .declare(
              app, "--protocol",
              "paper: k-fold over the ratings, 56% train / 24% validation / 20% test; notebook: "
              "random splits, 63% / 27% / 10%, as in --preset notebook; item-cold, user-cold: "
              "k-fold over the items or users, each held out with all its ratings; time: one "
              "fold, trained on what was rated earlier, tested on what was rated later")
          ->default_str("paper")
          ->group(group);
  CLI::Option* folds_option = app.add_option("--fold-count", fold_count, "Folds, or random splits")
                                  ->capture_default_str()
                                  ->type_name("N")
                                  ->group(group);
  CLI::Option* repeat_option =
      app.add_option("--repeat", repeat, "Do it all so many times, split anew each time")
          ->capture_default_str()
          ->type_name("N")
          ->group(group);
  app.add_option("--seed", seed, "Of splits, initial factors and gate starts")
      ->capture_default_str()
      ->check(whole_number())
      ->type_name("N")
      ->group(group);
  app.add_option("--folds", folds_path,
                 "Take the splits from a CSV: row (0-based, the header not counted), then columns "
                 "NAME0, NAME1, ... of 0 (train), 1 (validation), 2 (test), 3 (unused)")
      ->type_name("FILE")
      ->group(group)
      ->excludes(protocol_option)
      ->excludes(folds_option)
      ->excludes(repeat_option);
  reading.declare_test(app)
      ->group(group)
      ->excludes(protocol_option)
      ->excludes(folds_option)
      ->excludes(repeat_option)
      ->excludes(app.get_option("--folds"));
  of_folds_ = {folds_option, repeat_option};
  declare_time(app);
  declare_train_size(app);
  app.add_option("--fold-set", fold_set, "NAME of the columns; needed if --folds has several sets")
      ->type_name("NAME")
      ->group(group);
  app.add_option("--write-folds", write_folds_path, "Write the splits in that format")
      ->type_name("FILE")
      ->group(group);
  CLI::Option* little_known =
      app.add_option("--little-known", fewer_than,
                     "Items with fewer than N train + validation ratings are little known")
          ->capture_default_str()
          ->check(whole_number())
          ->type_name("N")
          ->group(group);
  app.add_option("--least-rated", least_rated,
                 "Instead, little-known are the N test ratings of the least rated items; 1000 in "
                 "--preset notebook")
      ->check(whole_number())
      ->type_name("N")
      ->group(group)
      ->excludes(little_known);
}

void EvalOptions::declare_output(CLI::App& app) {
  const std::string group = "Output";
  app.add_option("--models", model_names,
                 "The models of the table, by their names in --format csv, separated by commas; "
                 "all: every block by itself, too. What LASSO, ALS and the means reach, BALSE and "
                 "BALSE+, if not given")
      ->delimiter(',')
      ->type_name("LIST")
      ->group(group);
  app.add_option("--score", scores,
                 "NAME=FILE: one more row of the table, what another program predicts for the test "
                 "ratings; a CSV of row,prediction or fold,user,item,prediction; NAME=FILE:COLUMN "
                 "takes another column")
      ->type_name("NAME=FILE")
      ->allow_extra_args(false)
      ->group(group);
  format.declare(app, "--format", "Of the result")->default_str("table")->group(group);
  app.add_option("--output", output_path, "Write the result there instead of to standard output")
      ->type_name("FILE")
      ->group(group);
  CLI::Option* predictions =
      app.add_option("--predictions", predictions_path,
                     "Write a CSV row for each test rating: fold, user, item, rating, each model's "
                     "prediction, train + validation counts of item and user, whether it has tags, "
                     "the weight of ALS in BALSE, fallback and deviation of the last model")
          ->type_name("FILE")
          ->group(group);
  csv_safe.declare(app)->needs(predictions)->group(group);
  CLI::Option* report =
      app.add_option(
             "--report", report_path,
             "Write a page with all findings, their figures, tables and results.json into this "
             "folder")
          ->check(file_name())
          ->type_name("DIR")
          ->group(group);
  app.add_option("--posters", posters_path,
                 "Show some posters of this folder in the report, with their tags; the name of a "
                 "file is its item")
      ->check(file_name())
      ->needs(report)
      ->type_name("DIR")
      ->group(group);
  app.add_option("--resume", resume_path,
                 "Keep what each finished fold has learned in this folder, and begin with what an "
                 "earlier run of the same command has left there; removed at the end")
      ->check(file_name())
      ->type_name("DIR")
      ->group(group);
  app.add_option("--threads", threads, "0 is all processors; the result is the same at any number")
      ->capture_default_str()
      ->check(CLI::Range(0, 4096))
      ->type_name("N")
      ->group(group);
}

std::vector<Model> EvalOptions::models() const {
  if (model_names.empty()) {
    return models_with_blends();
  }
  std::vector<Model> wanted;
  for (const std::string& name : model_names) {
    if (name == "all") {
      return {kModels.begin(), kModels.end()};
    }
    const std::optional<Model> found = model_of(name);
    if (!found) {
      std::string names;
      for (const Model known : kModels) {
        names += std::string(names.empty() ? "" : ", ") + std::string(name_of(known));
      }
      throw Error(ErrorKind::usage, {.found = "--models has " + shorten(name),
                                     .expected = "all, or some of " + names});
    }
    wanted.push_back(*found);
  }
  return wanted;
}

SplitOptions EvalOptions::split_options() const {
  return {.protocol = protocol.value(),
          .folds = fold_count,
          .repeat = repeat,
          .seed = seed,
          .time_cut = time_cut.value(),
          .test_share = time_test.value()};
}

}  // namespace balse::cli
