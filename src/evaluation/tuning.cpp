#include "balse/evaluation/tuning.hpp"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <map>
#include <numeric>
#include <set>
#include <utility>

#include "balse/model/blockwise_prediction.hpp"
#include "balse/support/error.hpp"
#include "balse/support/parallel.hpp"
#include "balse/support/random.hpp"

namespace balse {
namespace {

constexpr std::uint64_t kTuneStream = 9;
constexpr double kSmallestShare = 1.0 / 8.0;  // of the train ratings, that halving begins with

std::string drawn_value(const TunedOption& option, Random& random) {
  if (!option.values.empty()) {
    return option.values[random.below(option.values.size())];
  }
  const double share = random.uniform();
  const double value = option.logarithmic ? option.low * std::pow(option.high / option.low, share)
                                          : std::lerp(option.low, option.high, share);
  if (option.whole) {
    return std::to_string(std::llround(value));
  }
  return rounded_text(value);
}

std::vector<OptionValues> grid_of(const TunedBlock& block) {
  std::vector<OptionValues> all = {{}};
  for (const TunedOption& option : block.options) {
    std::vector<OptionValues> longer;
    for (const OptionValues& values : all) {
      for (const std::string& value : option.values) {
        longer.push_back(values);
        longer.back().emplace_back(option.name, value);
      }
    }
    all = std::move(longer);
  }
  return all;
}

/// Different ones; fewer than asked for where there are not so many.
std::vector<OptionValues> drawn(const TunedBlock& block, std::size_t budget, Random& random) {
  constexpr std::size_t kAttempts = 100;  // for each
  std::set<OptionValues> known;
  std::vector<OptionValues> all;
  for (std::size_t attempt = 0; attempt < budget * kAttempts && all.size() < budget; ++attempt) {
    OptionValues values;
    for (const TunedOption& option : block.options) {
      values.emplace_back(option.name, drawn_value(option, random));
    }
    if (known.insert(values).second) {
      all.push_back(std::move(values));
    }
  }
  return all;
}

class BlockTuning {
 public:
  BlockTuning(const Ratings& ratings, const SideInformation& side, std::span<const Part> parts,
              TrainingOptions options, Model model)
      : ratings_(ratings), side_(side), parts_(parts), options_(std::move(options)), model_(model) {
    options_.models = {model};
    options_.refit = false;
  }

  double rmse_of(const OptionValues& values, double share) const {
    TrainingOptions options = options_;
    set_options(options, values);
    const std::vector<Part> parts = thinned(share);
    const Training training = train(ratings_, side_, parts, options);
    const std::vector<std::uint32_t> rows = rows_of(parts_, Part::validation);
    const Predictors predictors = training.predictors(side_, options.model);
    BlockwisePrediction prediction(predictors, {model_}, ratings_,
                                   resolve_threads(options.threads));
    double squares = 0.0;
    prediction.run(
        rows, [&](std::size_t /*position*/, std::uint32_t row, std::span<const double> predicted) {
          squares += std::pow(predicted[0] - ratings_.value[row], 2);
        });
    return rows.empty() ? 0.0 : std::sqrt(squares / static_cast<double>(rows.size()));
  }

 private:
  /// Ratings that nothing may see are those to be tested.
  std::vector<Part> thinned(double share) const {
    std::vector<Part> parts(parts_.begin(), parts_.end());
    Random random(derive_seed(options_.seed, kTuneStream));
    for (Part& part : parts) {
      if (part == Part::train && share < 1.0 && random.uniform() >= share) {
        part = Part::test;
      }
    }
    return parts;
  }

  const Ratings& ratings_;
  const SideInformation side_;
  std::span<const Part> parts_;
  TrainingOptions options_;
  Model model_;
};

std::vector<TunedCandidate> try_all(const BlockTuning& tuning, std::vector<OptionValues> all,
                                    bool halving) {
  std::vector<TunedCandidate> tried;
  double share = 1.0;
  for (std::size_t left = all.size(); halving && left > 1 && share > kSmallestShare; left /= 2) {
    share /= 2.0;
  }
  while (true) {
    const std::size_t first = tried.size();
    for (const OptionValues& values : all) {
      tried.push_back({.values = values, .rmse = tuning.rmse_of(values, share), .share = share});
    }
    if (share >= 1.0) {
      return tried;
    }
    std::vector<std::size_t> order(all.size());
    std::iota(order.begin(), order.end(), first);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return tried[a].rmse < tried[b].rmse; });
    order.resize((order.size() + 1) / 2);
    all.clear();
    for (const std::size_t kept : order) {
      all.push_back(tried[kept].values);
    }
    share *= 2.0;
  }
}

}  // namespace

std::string rounded_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.3g", value);
  return text_of(std::strtod(text, nullptr));
}

void set_options(TrainingOptions& options, const OptionValues& values) {
  std::set<std::string> found;
  FieldAssignment assignment([&](const std::string& name) -> std::optional<std::string> {
    for (const auto& [wanted, value] : values) {
      if (wanted == name) {
        found.insert(name);
        return value;
      }
    }
    return std::nullopt;
  });
  options.visit(assignment);
  for (const auto& [name, value] : values) {
    if (!found.contains(name)) {
      throw Error(ErrorKind::usage, {.found = "there is no option " + shorten(name)});
    }
  }
}

std::vector<TunedFold> tune_fold(const Ratings& ratings, const SideInformation& side,
                                 std::span<const Part> parts, std::size_t fold,
                                 const TuningOptions& tuning, TrainingOptions& options) {
  if (std::find(parts.begin(), parts.end(), Part::validation) == parts.end()) {
    throw Error(ErrorKind::bad_data,
                {.found = "fold " + std::to_string(fold) + " has no validation ratings to tune by",
                 .hint = "another --protocol, or folds with some"});
  }
  std::vector<TunedFold> result;
  for (const TunedBlock& block : tuning.blocks) {
    const auto begun = std::chrono::steady_clock::now();
    Random random(derive_seed(derive_seed(options.seed, kTuneStream + 1), fold));
    const BlockTuning of_block(ratings, side, parts, options, block.model);
    TunedFold tuned{.fold = fold,
                    .model = block.model,
                    .candidates = try_all(of_block,
                                          tuning.search == TuneSearch::grid
                                              ? grid_of(block)
                                              : drawn(block, tuning.budget, random),
                                          tuning.search == TuneSearch::halving)};
    double smallest = std::numeric_limits<double>::infinity();
    for (std::size_t k = 0; k < tuned.candidates.size(); ++k) {
      const TunedCandidate& candidate = tuned.candidates[k];
      if (candidate.share >= 1.0 && candidate.rmse < smallest) {
        smallest = candidate.rmse;
        tuned.best = k;
      }
    }
    set_options(options, tuned.candidates[tuned.best].values);
    tuned.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
    result.push_back(std::move(tuned));
  }
  return result;
}

namespace {

/// Of one block; `folds` are of it.
OptionValues best_over(const std::vector<const TunedFold*>& folds) {
  std::map<OptionValues, std::pair<double, std::size_t>> sums;  // of RMSE, folds
  for (const TunedFold* fold : folds) {
    for (const TunedCandidate& candidate : fold->candidates) {
      if (candidate.share >= 1.0) {
        auto& [sum, count] = sums[candidate.values];
        sum += candidate.rmse;
        ++count;
      }
    }
  }
  OptionValues best = folds.front()->candidates[folds.front()->best].values;
  double smallest = std::numeric_limits<double>::infinity();
  for (const auto& [values, sum] : sums) {
    if (sum.second == folds.size() && sum.first < smallest) {
      smallest = sum.first;
      best = values;
    }
  }
  return best;
}

}  // namespace

OptionValues tuned_values(const std::vector<TunedFold>& folds) {
  std::vector<std::pair<Model, std::vector<const TunedFold*>>> of_models;  // as they come
  for (const TunedFold& fold : folds) {
    auto known = std::find_if(of_models.begin(), of_models.end(),
                              [&](const auto& of_model) { return of_model.first == fold.model; });
    if (known == of_models.end()) {
      known = of_models.insert(known, {fold.model, {}});
    }
    known->second.push_back(&fold);
  }
  OptionValues all;
  for (const auto& [model, of_model] : of_models) {
    const OptionValues best = best_over(of_model);
    all.insert(all.end(), best.begin(), best.end());
  }
  return all;
}

}  // namespace balse
