#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "balse/data/ratings.hpp"
#include "balse/data/tags.hpp"
#include "balse/model/training.hpp"

namespace balse {

/// How values are tried.
enum class TuneSearch : std::uint8_t {
  grid,     ///< every combination
  random,   ///< as many combinations as the budget allows, drawn
  halving,  ///< drawn, too; all on a part of the training ratings, the better half on twice as many
};

/// The values of one option that may be chosen.
struct TunedOption {
  std::string name;  ///< "als-rank"
  /// Either a list of these, as people write them,
  std::vector<std::string> values;
  /// or, where it is empty, any number from low to high.
  double low = 0.0;
  double high = 0.0;
  bool logarithmic = false;
  bool whole = false;
};

/// The options of one block that are tuned together, by what that block alone predicts.
struct TunedBlock {
  Model model = Model::als;
  std::vector<TunedOption> options;
};

struct TuningOptions {
  std::vector<TunedBlock> blocks;
  TuneSearch search = TuneSearch::grid;
  std::size_t budget = 16;  ///< combinations a block and fold; of `grid` no limit
};

/// Reads `als.rank=10,20,40;lasso.alpha=0.003:0.1:log`: options of blocks, by the names that they
/// have on the command line with a point (or a hyphen) after the block's; values by commas, or
/// LOW:HIGH[:log][:COUNT], COUNT (5) being the points of a grid. Throws Error(usage) for an option
/// that is not there, is of no block (a blend learns from the validation ratings that would choose
/// among its options), or does not allow a value.
std::vector<TunedBlock> parse_tuning(const std::string& text, TuneSearch search);

/// Reads `als.rank=5,10,20`, or a range as above: any option of training.
TunedOption parse_sweep(const std::string& text);

using OptionValues = std::vector<std::pair<std::string, std::string>>;  ///< name, value

/// One combination that was tried.
struct TunedCandidate {
  OptionValues values;
  double rmse = 0.0;   ///< of the block on the validation ratings, fitted on the train ratings
  double share = 1.0;  ///< of the train ratings that it was fitted on; 1 but for `halving`
};

/// What was tried for one block in one fold.
struct TunedFold {
  std::size_t fold = 0;
  Model model = Model::als;
  std::vector<TunedCandidate> candidates;  ///< in the order that they were tried
  std::size_t best = 0;                    ///< of those with share 1 the one with the smallest RMSE
  double seconds = 0.0;
};

/// Chooses within one fold, without a look at its test ratings: every combination of a block's
/// options is fitted on the train ratings and predicts the validation ratings. Changes `options` to
/// the best ones. Throws Error(bad_data) where there are no validation ratings.
std::vector<TunedFold> tune_fold(const Ratings& ratings, const SideInformation& side,
                                 std::span<const Part> parts, std::size_t fold,
                                 const TuningOptions& tuning, TrainingOptions& options);

/// What to fit with after all: of each block the combination whose mean validation RMSE over the
/// folds is the smallest, among those that every fold tried on all train ratings; else what the
/// first fold chose.
OptionValues tuned_values(const std::vector<TunedFold>& folds);

/// Three digits: enough to tell candidates apart, and to be typed again.
std::string rounded_text(double value);

/// Gives options their values. Throws Error(usage) for a name that is none.
void set_options(TrainingOptions& options, const OptionValues& values);

}  // namespace balse
