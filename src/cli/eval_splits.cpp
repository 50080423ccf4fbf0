#include "eval_splits.hpp"

#include <string>
#include <utility>
#include <vector>

#include "balse/support/counted.hpp"
#include "balse/support/error.hpp"

namespace balse::cli {
namespace {

void check_has_times(const std::string& name, const Ratings& ratings,
                     const ReadRatingsSummary& summary) {
  if (!ratings.time.empty()) {
    return;
  }
  const bool some = summary.without_time < ratings.size();
  throw Error(ErrorKind::bad_data,
              {.file = name,
               .found = some ? counted(summary.without_time, "rating has", "ratings have") +
                                   " no time, which --protocol time needs"
                             : "has no column that says when a rating was given, which --protocol "
                               "time needs",
               .expected = some ? "a time of each" : "a column timestamp, time or date",
               .hint = "--timestamp COLUMN for one of another name"});
}

std::unique_ptr<Splits> whole_splits(const EvalOptions& eval, const Ratings& ratings,
                                     const ReadRatingsSummary& summary) {
  if (!eval.folds_path.empty()) {
    return read_splits(eval.folds_path, eval.fold_set, ratings);
  }
  if (!eval.reading.test_path().empty()) {
    return make_test_file_splits(eval.reading.test_path(), summary.test_begin, ratings, eval.seed);
  }
  const SplitOptions options = eval.split_options();
  // Options that make no sense whatever the data are wrong usage; the rest is the data's fault.
  if (const std::string sentence = options.validate(); !sentence.empty()) {
    throw Error(
        ErrorKind::usage,
        {.found = sentence,
         .hint = eval.by_time() ? "--time-test 20%" : "--fold-count 5, and --repeat 1 or more"});
  }
  if (eval.by_time()) {
    check_has_times(eval.reading.ratings_name(), ratings, summary);
  }
  if (const std::string sentence = options.validate(ratings); !sentence.empty()) {
    throw Error(ErrorKind::bad_data, {.file = eval.reading.ratings_name(), .found = sentence});
  }
  return make_splits(options, ratings);
}

}  // namespace

std::shared_ptr<const Splits> splits_of(const EvalOptions& options, const Ratings& ratings,
                                        const ReadRatingsSummary& summary) {
  std::shared_ptr<const Splits> splits = whole_splits(options, ratings, summary);
  const std::vector<TrainSize> sizes = options.train_sizes();
  check_train_sizes(*splits, sizes);
  return sizes.size() == 1 ? with_train_size(std::move(splits), sizes.front(), options.seed)
                           : std::move(splits);
}

}  // namespace balse::cli
