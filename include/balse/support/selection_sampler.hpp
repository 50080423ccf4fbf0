#pragma once

#include <cstddef>

#include "balse/support/random.hpp"

namespace balse {

/// Takes `count` things out of `population`, asked one after the other: each is taken with
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

}  // namespace balse
