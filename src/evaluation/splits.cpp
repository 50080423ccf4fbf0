#include "balse/evaluation/splits.hpp"

#include <algorithm>

#include "balse/model/hold_out.hpp"
#include "balse/support/random.hpp"
#include "balse/support/selection_sampler.hpp"

#include "evaluation/part_shares.hpp"
#include "evaluation/time_splits.hpp"

namespace balse {
namespace {

/// Deals things one by one to folds whose sizes differ by one at most; every such deal is equally
/// likely: each thing goes to one of the folds with probability in proportion to the room that each
/// has left.
class FoldDealer {
 public:
  FoldDealer(std::size_t things, std::size_t folds, std::uint64_t seed)
      : left_(things), random_(seed) {
    for (std::size_t fold = 0; fold < folds; ++fold) {
      room_.push_back(size(things, folds, fold));
    }
  }

  static std::size_t size(std::size_t things, std::size_t folds, std::size_t fold) {
    return things / folds + (fold < things % folds ? 1 : 0);
  }

  std::size_t deal() {
    std::size_t draw = random_.below(left_--);
    std::size_t fold = 0;
    while (draw >= room_[fold]) {
      draw -= room_[fold++];
    }
    --room_[fold];
    return fold;
  }

 private:
  std::size_t left_;
  std::vector<std::size_t> room_;
  Random random_;
};

/// Which item, or which user, each rating is of.
struct Grouping {
  const std::vector<std::uint32_t>& of_row;
  std::size_t groups;
};

Grouping by_item(const Ratings& ratings) {
  return {ratings.item, ratings.items.size()};
}

Grouping by_user(const Ratings& ratings) {
  return {ratings.user, ratings.users.size()};
}

class ProtocolSplits final : public Splits {
 public:
  ProtocolSplits(const SplitOptions& options, const Ratings& ratings)
      : options_(options), ratings_(ratings) {}

  std::size_t folds() const override { return folds_each() * options_.repeat; }

  std::string describe() const override {
    const double test = static_cast<double>(test_size(0)) / static_cast<double>(dealt());
    const double validation = (1.0 - test) * kValidationShare;
    std::string text = std::to_string(options_.folds);
    std::string parts_of;
    switch (options_.protocol) {
      case Protocol::paper:
        text += "-fold cross-validation";
        break;
      case Protocol::notebook:
        text += " random splits";
        break;
      case Protocol::item_cold:
        text = "item-cold: " + text + "-fold cross-validation over the items, each held out whole";
        parts_of = " of the items";
        break;
      case Protocol::user_cold:
        text = "user-cold: " + text + "-fold cross-validation over the users, each held out whole";
        parts_of = " of the users";
        break;
      case Protocol::time:  // has a class of its own
        break;
    }
    if (options_.repeat > 1) {
      text += ", " + std::to_string(options_.repeat) + " times";
    }
    return text + ", " + part_shares(validation, test) + parts_of + ", seed " +
           std::to_string(options_.seed);
  }

  std::vector<Part> parts(std::size_t fold) const override {
    std::vector<Part> result(ratings_.size(), Part::train);
    const std::uint64_t validation_seed = derive_seed(options_.seed, 2 * fold + 1);
    switch (options_.protocol) {
      case Protocol::paper:
        test_rows_of_fold(fold, result);
        hold_out_validation(kValidationShare, validation_seed, result);
        break;
      case Protocol::notebook:
        test_random_rows(fold, result);
        hold_out_validation(kValidationShare, validation_seed, result);
        break;
      case Protocol::item_cold:
        test_groups_of_fold(fold, by_item(ratings_), result);
        hold_out_items(kValidationShare, validation_seed, ratings_, result);
        break;
      case Protocol::user_cold:
        test_groups_of_fold(fold, by_user(ratings_), result);
        hold_out_users(kValidationShare, validation_seed, ratings_, result);
        break;
      case Protocol::time:
        break;
    }
    return result;
  }

 private:
  std::size_t folds_each() const { return static_cast<std::size_t>(options_.folds); }

  /// How many there are of what the protocol deals.
  std::size_t dealt() const {
    switch (options_.protocol) {
      case Protocol::item_cold:
        return ratings_.items.size();
      case Protocol::user_cold:
        return ratings_.users.size();
      case Protocol::paper:
      case Protocol::notebook:
      case Protocol::time:
        break;
    }
    return ratings_.size();
  }

  /// How many of them `fold` tests.
  std::size_t test_size(std::size_t fold) const {
    return options_.protocol == Protocol::notebook
               ? (dealt() + 9) / 10
               : FoldDealer::size(dealt(), folds_each(), fold % folds_each());
  }

  /// Every fold of a repetition deals the same cards.
  FoldDealer dealer(std::size_t fold) const {
    return {dealt(), folds_each(), derive_seed(options_.seed, 2 * (fold - fold % folds_each()))};
  }

  void test_rows_of_fold(std::size_t fold, std::vector<Part>& result) const {
    FoldDealer rows = dealer(fold);
    for (Part& part : result) {
      part = rows.deal() == fold % folds_each() ? Part::test : Part::train;
    }
  }

  void test_random_rows(std::size_t fold, std::vector<Part>& result) const {
    SelectionSampler sampler(test_size(fold), result.size());
    Random random(derive_seed(options_.seed, 2 * fold));
    for (Part& part : result) {
      part = sampler.take(random) ? Part::test : Part::train;
    }
  }

  void test_groups_of_fold(std::size_t fold, const Grouping& grouping,
                           std::vector<Part>& result) const {
    FoldDealer groups = dealer(fold);
    std::vector<bool> tested;
    tested.reserve(grouping.groups);
    for (std::size_t group = 0; group < grouping.groups; ++group) {
      tested.push_back(groups.deal() == fold % folds_each());
    }
    for (std::size_t row = 0; row < result.size(); ++row) {
      result[row] = tested[grouping.of_row[row]] ? Part::test : Part::train;
    }
  }

  SplitOptions options_;
  const Ratings& ratings_;
};

/// What is wrong with splitting so many `things`, of which there must be `needed`.
std::string too_few(const char* things, std::size_t count, std::size_t needed) {
  // 4: the fewest of which 2 folds leave something to train on, to validate and to test.
  needed = std::max<std::size_t>(needed, 4);
  if (count >= needed) {
    return {};
  }
  return std::string("there are too few ") + things + " to split: " + std::to_string(count) +
         "; expected " + std::to_string(needed) + " or more";
}

}  // namespace

std::string SplitOptions::validate() const {
  if (protocol == Protocol::time) {
    return test_share > 0.0 && test_share < 1.0
               ? ""
               : "the share that is tested must be above 0 and below 1";
  }
  if (folds < (protocol == Protocol::notebook ? 1 : 2)) {
    return "cross-validation needs at least 2 folds, random splits at least 1, not " +
           std::to_string(folds);
  }
  if (repeat < 1) {
    return "the protocol must be repeated at least once, not " + std::to_string(repeat) + " times";
  }
  return {};
}

std::string SplitOptions::validate(const Ratings& ratings) const {
  if (std::string sentence = validate(); !sentence.empty()) {
    return sentence;
  }
  const auto needed = static_cast<std::size_t>(folds);
  switch (protocol) {
    case Protocol::paper:
      return too_few("ratings", ratings.size(), needed);
    case Protocol::notebook:
      return too_few("ratings", ratings.size(), 10);
    case Protocol::item_cold:
      return too_few("items", ratings.items.size(), needed);
    case Protocol::user_cold:
      return too_few("users", ratings.users.size(), needed);
    case Protocol::time: {
      std::string sentence = too_few("ratings", ratings.size(), 0);
      return sentence.empty() ? validate_times(*this, ratings) : sentence;
    }
  }
  return {};
}

std::unique_ptr<Splits> make_splits(const SplitOptions& options, const Ratings& ratings) {
  if (options.protocol == Protocol::time) {
    return make_time_splits(options, ratings);
  }
  return std::make_unique<ProtocolSplits>(options, ratings);
}

}  // namespace balse
