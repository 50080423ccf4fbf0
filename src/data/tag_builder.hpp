#pragma once

#include <cstdint>
#include <vector>

#include "balse/data/tags.hpp"

namespace balse {

/// Collects (item, tag, weight) in any order and makes the compressed matrix of them. Takes 12
/// bytes an entry; 20 while it builds a matrix of entries that did not come by ascending item and
/// tag.
class TagBuilder {
 public:
  void add(std::uint32_t item, std::uint32_t tag, float weight) {
    ascending_ = ascending_ && (item_.empty() || item > item_.back() ||
                                (item == item_.back() && tag > tag_.back()));
    item_.push_back(item);
    tag_.push_back(tag);
    weight_.push_back(weight);
  }

  /// Divides all weights of an item by the largest of them, where that is not 0.
  void make_largest_one();

  /// Entries of weight 0 are left out; where (item, tag) was added more than once the last weight
  /// counts, and duplicates() says how often that was. Nothing is left to build another of.
  TagMatrix build(std::size_t items, std::size_t tags);

  std::uint64_t duplicates() const { return duplicates_; }

 private:
  void sort(const std::vector<std::uint64_t>& start);

  std::vector<std::uint32_t> item_;
  std::vector<std::uint32_t> tag_;
  std::vector<float> weight_;
  bool ascending_ = true;
  std::uint64_t duplicates_ = 0;
};

}  // namespace balse
