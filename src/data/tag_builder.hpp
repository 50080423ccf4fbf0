#pragma once

#include <cstdint>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse {

/// Collects (item, tag, weight) in any order and makes the compressed matrix of them.
class TagBuilder {
 public:
  struct Entry {
    std::uint32_t item;
    std::uint32_t tag;
    float weight;
  };

  void add(std::uint32_t item, std::uint32_t tag, float weight) {
    entries_.push_back({item, tag, weight});
  }

  /// Entries of weight 0 are left out; where (item, tag) was added more than once the last weight
  /// counts, and duplicates() says how often that was.
  TagMatrix build(std::size_t items, std::size_t tags);

  std::uint64_t duplicates() const { return duplicates_; }

 private:
  std::vector<Entry> entries_;
  std::uint64_t duplicates_ = 0;
};

}  // namespace balse
