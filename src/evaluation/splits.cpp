#include "balse/evaluation/splits.hpp"

#include <algorithm>
#include <cmath>

#include "balse/support/random.hpp"

namespace balse {
namespace {

std::string percent(double share) {
  return std::to_string(std::lround(100.0 * share)) + "%";
}

/// Deals `count` of the rows that `eligible` lists their turn at a time: each row is taken with
/// probability (still wanted) / (still to come), so that exactly `count` are, and every choice is
/// equally likely (selection sampling; Knuth, TAOCP 3.4.2, algorithm S). One pass, no permutation
/// in memory.
class SelectionSampler {
 public:
  SelectionSampler(std::size_t count, std::size_t population) : wanted_(count), left_(population) {}

  bool take(Random& random) {
    const bool taken = random.below(left_) < wanted_;
    --left_;
    wanted_ -= taken ? 1 : 0;
    return taken;
  }

 private:
  std::size_t wanted_;
  std::size_t left_;
};

class ProtocolSplits final : public Splits {
 public:
  ProtocolSplits(const SplitOptions& options, std::size_t ratings)
      : options_(options), ratings_(ratings) {}

  std::size_t folds() const override {
    return static_cast<std::size_t>(options_.folds) * options_.repeat;
  }

  std::string describe() const override {
    const double test = static_cast<double>(test_rows(0)) / static_cast<double>(ratings_);
    const double validation = (1.0 - test) * kValidationShare;
    std::string text = std::to_string(options_.folds);
    text += options_.protocol == Protocol::paper ? "-fold cross-validation" : " random splits";
    if (options_.repeat > 1) {
      text += ", " + std::to_string(options_.repeat) + " times";
    }
    return text + ", " + percent(1.0 - test - validation) + " train / " + percent(validation) +
           " validation / " + percent(test) + " test, seed " + std::to_string(options_.seed);
  }

  std::vector<Part> parts(std::size_t fold) const override {
    std::vector<Part> result(ratings_, Part::train);
    mark_test(fold, result);
    hold_out_validation(kValidationShare, derive_seed(options_.seed, 2 * fold + 1), result);
    return result;
  }

 private:
  /// k folds differ by one rating at most.
  std::size_t test_rows(std::size_t fold) const {
    if (options_.protocol == Protocol::notebook) {
      return (ratings_ + 9) / 10;
    }
    const auto folds = static_cast<std::size_t>(options_.folds);
    return ratings_ / folds + (fold % folds < ratings_ % folds ? 1 : 0);
  }

  void mark_test(std::size_t fold, std::vector<Part>& result) const {
    if (options_.protocol == Protocol::notebook) {
      SelectionSampler sampler(test_rows(fold), ratings_);
      Random random(derive_seed(options_.seed, 2 * fold));
      for (Part& part : result) {
        part = sampler.take(random) ? Part::test : Part::train;
      }
      return;
    }
    // Every fold of a repetition deals the same cards: rating after rating goes to one of the
    // folds, with probability in proportion to the room each has left.
    const auto folds = static_cast<std::size_t>(options_.folds);
    std::vector<std::size_t> room(folds);
    for (std::size_t f = 0; f < folds; ++f) {
      room[f] = test_rows(f);
    }
    Random random(derive_seed(options_.seed, 2 * (fold / folds * folds)));
    for (std::size_t row = 0; row < ratings_; ++row) {
      std::size_t draw = random.below(ratings_ - row);
      std::size_t f = 0;
      while (draw >= room[f]) {
        draw -= room[f++];
      }
      --room[f];
      if (f == fold % folds) {
        result[row] = Part::test;
      }
    }
  }

  SplitOptions options_;
  std::size_t ratings_;
};

}  // namespace

void hold_out_validation(double share, std::uint64_t seed, std::vector<Part>& parts) {
  const auto rest = static_cast<std::size_t>(std::count(parts.begin(), parts.end(), Part::train));
  const auto validation = static_cast<std::size_t>(std::llround(share * static_cast<double>(rest)));
  SelectionSampler sampler(validation, rest);
  Random random(seed);
  for (Part& part : parts) {
    if (part == Part::train && sampler.take(random)) {
      part = Part::validation;
    }
  }
}

std::string SplitOptions::validate(std::size_t ratings) const {
  if (folds < (protocol == Protocol::paper ? 2 : 1)) {
    return "cross-validation needs at least 2 folds, random splits at least 1, not " +
           std::to_string(folds);
  }
  if (repeat < 1) {
    return "the protocol must be repeated at least once, not " + std::to_string(repeat) + " times";
  }
  const std::size_t needed = protocol == Protocol::paper ? static_cast<std::size_t>(folds) : 10;
  if (ratings < std::max<std::size_t>(needed, 4)) {
    return "there are too few ratings to split: " + std::to_string(ratings) + "; expected " +
           std::to_string(std::max<std::size_t>(needed, 4)) + " or more";
  }
  return {};
}

std::unique_ptr<Splits> make_splits(const SplitOptions& options, std::size_t ratings) {
  return std::make_unique<ProtocolSplits>(options, ratings);
}

}  // namespace balse
