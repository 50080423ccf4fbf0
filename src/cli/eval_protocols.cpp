// The options of --protocol time and of learning curves, and what goes with what.

#include <set>

#include <spdlog/spdlog.h>

#include "balse/support/error.hpp"

#include "eval_options.hpp"

namespace balse::cli {

void EvalOptions::declare_time(CLI::App& app) {
  constexpr double kMostTested = 0.9;
  const std::string group = "Protocol";
  // Without their defaults for --print-config, as they may be given with --protocol time alone.
  of_time_ = {
      time_cut
          .declare(app, "--time-cut",
                   "In --protocol time, what is earlier: global, than one time for all; per-user, "
                   "than a time of each user; global if not given")
          ->group(group),
      time_test
          .declare(app, "--time-test",
                   "In --protocol time, the share of the ratings, of all or of each user, that is "
                   "tested: the latest; 20% if not given",
                   kMostTested)
          ->default_str("")
          ->group(group),
      reading.declare_times(app)};
}

void EvalOptions::declare_train_size(CLI::App& app) {
  app.add_option(
         "--train-size", train_size_texts,
         "Train on a random share of each fold's train and validation ratings, as 10%, or on "
         "so many train ratings, as 1000; several, separated by commas, make a learning curve, "
         "each with what the "
         "smaller ones have")
      ->delimiter(',')
      ->type_name("LIST")
      ->group("Protocol");
}

void EvalOptions::check_time() const {
  if (!by_time()) {
    for (const CLI::Option* option : of_time_) {
      if (option->count() > 0) {
        throw Error(ErrorKind::usage,
                    {.found = option->get_name() + " without --protocol time, which it is part of",
                     .hint = "--protocol time"});
      }
    }
    return;
  }
  for (const CLI::Option* option : of_folds_) {
    if (option->count() == 0 || option->results().front() == "1") {
      continue;
    }
    const std::string& given = option->results().front();
    // A config file that --print-config wrote has the defaults.
    if (given == option->get_default_str()) {
      spdlog::warn("{} {} means nothing to --protocol time, which has one fold", option->get_name(),
                   given);
    } else {
      throw Error(ErrorKind::usage, {.found = option->get_name() + " " + given +
                                              " with --protocol time, which has one fold",
                                     .hint = "leaving out " + option->get_name()});
    }
  }
}

void EvalOptions::check() const {
  check_time();
  const bool several = train_sizes().size() > 1;
  if (several && !write_folds_path.empty()) {
    throw Error(
        ErrorKind::usage,
        {.found = "--write-folds with several sizes of --train-size, which are not one split",
         .hint = "one size"});
  }
  const bool series = several || study.sweep() || !study.tag_counts().empty();
  if (series && !resume_path.empty()) {
    throw Error(ErrorKind::usage,
                {.found = "--resume with several sizes of --train-size, --sweep or --ablate",
                 .expected = "one evaluation"});
  }
}

std::vector<TrainSize> EvalOptions::train_sizes() const {
  std::vector<TrainSize> sizes;
  std::set<std::string> seen;
  for (const std::string& text : train_size_texts) {
    sizes.push_back(TrainSize::parse(text));
    if (!seen.insert(text).second) {
      throw Error(ErrorKind::usage,
                  {.found = "--train-size has " + text + " twice", .expected = "each size once"});
    }
  }
  return sizes;
}

}  // namespace balse::cli
